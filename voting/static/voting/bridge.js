/**
 * The booth's side of the talk with the poll's page around it: exact origin, exact window, fixed
 * shapes. The page learns what is on show and how tall it is, never a choice or a ballot.
 */

import { Later, Refused } from "./requests.js";

const ANSWER_MS = 30_000;
const MARK = "booth/1";

export class Bridge {
  #questions = new Map();

  /** `hear(message)` gets what the page says of itself: {pass, phase, sentence, next}. */
  constructor(origin, hear) {
    Object.assign(this, { origin, hear, framed: window.parent !== window });
    window.addEventListener("message", (event) => this.#take(event));
  }

  tell(type, fields = {}) {
    if (this.framed) window.parent.postMessage({ engage: MARK, type, ...fields }, this.origin);
  }

  /** The issuer's signature on the blinded message, by way of the page that knows who we are. */
  async sign(blinded) {
    const { type, signature, ...refusal } = await this.ask("sign", { blinded });
    if (type === "signed" && signature instanceof Uint8Array) return signature;
    if (refusal.code === "unreachable") throw new Later("unreachable", refusal.wait);
    throw new Refused({ ...refusal, detail: refusal.sentence });
  }

  /** The page's answer to one question. */
  ask(type, fields) {
    if (!this.framed) return Promise.reject(new Refused({ code: "not-framed" }));
    const id = crypto.randomUUID();
    return new Promise((resolve, reject) => {
      this.#questions.set(id, resolve);
      setTimeout(() => this.#questions.delete(id) && reject(new Later("unreachable")), ANSWER_MS);
      this.tell(type, { id, ...fields });
    });
  }

  #take({ origin, source, data }) {
    if (origin !== this.origin || source !== window.parent || data?.engage !== MARK) return;
    if (data.type === "hello") return this.hear(data);
    this.#questions.get(data.id)?.(data);
    this.#questions.delete(data.id);
  }
}
