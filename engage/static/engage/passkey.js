/** Passkeys: what the server asks goes to the device, what the device answers goes into the form.
 *  Face, finger and PIN stay there; only a public key and signatures come out. */

const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }));

function asked({ publicKey: key }) {
  return {
    ...key,
    challenge: toBytes(key.challenge),
    ...(key.user && { user: { ...key.user, id: toBytes(key.user.id) } }),
    ...(key.excludeCredentials && { excludeCredentials: known(key.excludeCredentials) }),
    ...(key.allowCredentials && { allowCredentials: known(key.allowCredentials) }),
  };
}

const resident = (key) => ({
  ...key,
  authenticatorSelection: {
    ...key.authenticatorSelection,
    residentKey: "required", requireResidentKey: true, userVerification: "required",
  },
});

function answered(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    id: credential.id, rawId: toText(credential.rawId), type: credential.type, response,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment || undefined,
  });
}

async function question(form) {
  const here = form.querySelector('script[type="application/json"]');
  if (here) return Object.values(JSON.parse(here.textContent))[0];
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status);
  return (await answer.json()).request_options;
}

/** A passkey belongs to a name; no browser makes one for a number. */
const can = "PublicKeyCredential" in window && !/^[\d.]+$|^\[/.test(location.hostname);

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !can && "needsScript" in form.dataset; // elsewhere a note says why there is no button
  for (const part of form.querySelectorAll("[data-passkey-none]")) part.hidden = can;
  for (const part of form.querySelectorAll("[data-passkey-here]")) part.hidden = !can;
  const trouble = form.querySelector("[data-passkey-trouble]");
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    trouble.hidden = true;
    try {
      const publicKey = asked(await question(form));
      const credential = form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: resident(publicKey) })
        : await navigator.credentials.get({ publicKey });
      form.elements.credential.value = answered(credential);
      form.submit();
    } catch {
      trouble.hidden = false;
      trouble.focus();
    }
  });
}
