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
  sign(blinded) {
    if (!this.framed) return Promise.reject(new Refused({ code: "not-framed" }));
    const id = crypto.randomUUID();
    return new Promise((resolve, reject) => {
      this.#questions.set(id, { resolve, reject });
      setTimeout(() => this.#questions.delete(id) && reject(new Later("unreachable")), ANSWER_MS);
      this.tell("sign", { id, blinded });
    });
  }

  #take({ origin, source, data }) {
    if (origin !== this.origin || source !== window.parent || data?.engage !== MARK) return;
    if (data.type === "hello") return this.hear(data);
    const question = this.#questions.get(data.id);
    if (!question || !["signed", "refused"].includes(data.type)) return;
    this.#questions.delete(data.id);
    if (data.type === "signed" && data.signature instanceof Uint8Array)
      return question.resolve(data.signature);
    if (data.code === "unreachable") return question.reject(new Later("unreachable", data.wait));
    question.reject(new Refused({ ...data, detail: data.sentence }));
  }
}
