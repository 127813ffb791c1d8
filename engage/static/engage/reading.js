/**
 * What of a thread's page is the reader's own: their reactions, their posts, how far they have
 * read. The page's html is everybody's; this marks in it what `data-mine` says, again whenever
 * news come. Without it a reaction is a form that comes back to the post.
 *
 * data-mine           on the thread: {posts: [number…], reacted: {post: [kind…]}}
 * data-react          on a button: "<post>.<kind>"
 * data-read           on the thread: where to tell up to which number somebody has read
 * data-copy           on a button: the id of the field whose value it copies
 */

const REST_MS = 1_500; // a post counts as read once it was in sight for so long

const root = document.querySelector("[data-mine]");
const act = document.getElementById("act");
const mine = { posts: [], reacted: {}, ...JSON.parse(root?.dataset.mine ?? "{}") };
const open = new Set(); // posts whose further reactions are unfolded
const token = () => act?.elements.csrfmiddlewaretoken?.value;
const kinds = (post) => (mine.reacted[post] ??= []);

for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;

function mark() {
  for (const button of root.querySelectorAll("[data-react]")) {
    const [post, kind] = button.dataset.react.split(".");
    const pressed = String(kinds(post).includes(kind));
    if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
  }
  for (const post of mine.posts) {
    document.getElementById(`post-${post}`)?.classList.add("post--own");
  }
  for (const id of open) {
    const more = document.getElementById(id)?.querySelector("details");
    if (more && !more.open) more.open = true;
  }
}

async function send(address, fields) {
  const body = new URLSearchParams({ csrfmiddlewaretoken: token(), ...fields });
  const headers = { "X-Requested-With": "fetch" };
  try {
    const answer = await fetch(address, { method: "POST", body, headers, keepalive: true });
    return answer.ok && !answer.redirected;
  } catch {
    return false;
  }
}

/** One key: shown at once, taken back if it did not arrive; the count comes by itself. */
async function react(event) {
  const button = event.target.closest("button[data-react][formaction]");
  if (!button || !act || event.defaultPrevented) return;
  event.preventDefault();
  const [post, kind] = button.dataset.react.split(".");
  const before = kinds(post);
  const on = !before.includes(kind);
  mine.reacted[post] = on ? [...before, kind] : before.filter((each) => each !== kind);
  mark();
  if (await send(button.formAction, { kind, on: on ? "1" : "0" })) return;
  mine.reacted[post] = before;
  mark();
  root.removeEventListener("click", react);
  button.click(); // as a form: its answer says what is the matter
  root.addEventListener("click", react);
}

// ---- How far somebody has read ----

let told = 0;
let seen = 0;
const numbers = new WeakMap();

function tellRead() {
  if (seen <= told || document.visibilityState === "hidden") return;
  told = seen;
  const { after, until = "" } = document.getElementById("posts").dataset;
  send(root.dataset.read, { number: seen, after, until }); // what lies elsewhere is not read
}

function watch() {
  const sight = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        clearTimeout(numbers.get(target));
        if (!isIntersecting) continue;
        const number = Number(target.dataset.order?.split(".")[1]);
        numbers.set(target, setTimeout(() => (seen = Math.max(seen, number)), REST_MS));
      }
    },
    { threshold: 0.2 },
  );
  const list = document.getElementById("posts");
  const known = new WeakSet();
  const gather = () => {
    for (const post of list.children) {
      if (known.has(post)) continue;
      known.add(post);
      sight.observe(post);
    }
  };
  gather();
  new MutationObserver(gather).observe(list, { childList: true });
  setInterval(tellRead, 2 * REST_MS);
}

if (root) {
  mark();
  root.addEventListener("click", react);
  root.addEventListener(
    "toggle",
    ({ target }) => {
      const id = target.closest?.("[id^=reactions-]")?.id;
      if (id) open[target.open ? "add" : "delete"](id);
    },
    true,
  );
  new MutationObserver(mark).observe(root, { childList: true, subtree: true });
  if (root.dataset.read && act) watch();
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard?.writeText(field.value);
    document.getElementById("status").textContent = button.dataset.copied;
    button.lastChild.textContent = button.dataset.copied;
  });
}
