// Passkeys: the talk between the browser's authenticator and a form that carries its answer to the server.
// A form says what it does (data-cle: creer, utiliser, entrer) and where its question stands (data-options).

const REASONS = {
  InvalidStateError: "Cet appareil a déjà une clé pour ce compte.",
  SecurityError: "Les clés d’accès demandent un site en https, avec un nom ; sur votre ordinateur, l’adresse localhost.",
};

const bytes = (text) => {
  const base64 = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
};
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const withBytesOf = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

function toCreate(asked, alone) {
  const key = asked.publicKey;
  return { publicKey: {
    ...key,
    challenge: bytes(key.challenge),
    user: { ...key.user, id: bytes(key.user.id) },
    excludeCredentials: withBytesOf(key.excludeCredentials),
    authenticatorSelection: {
      ...key.authenticatorSelection,
      // A key that opens the door alone must hold the account's name, and ask for a finger, a face or a code.
      ...(alone
        ? { residentKey: "required", requireResidentKey: true, userVerification: "required" }
        : { residentKey: "discouraged", requireResidentKey: false }),
    },
  } };
}

function toUse(asked) {
  const key = asked.publicKey;
  return { publicKey: { ...key, challenge: bytes(key.challenge), allowCredentials: withBytesOf(key.allowCredentials) } };
}

// The same shape as PublicKeyCredential.toJSON(), which older browsers lack.
function answer(credential) {
  const { response } = credential;
  const parts = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = text(response[name]);
  }
  if (response.getTransports) parts.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: parts,
  };
}

async function question(form) {
  if (form.dataset.cle !== "entrer") return JSON.parse(document.getElementById(form.dataset.options).textContent);
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`réponse ${response.status}`);
  return (await response.json()).request_options;
}

async function ask(form) {
  const asked = await question(form);
  if (form.dataset.cle !== "creer") return navigator.credentials.get(toUse(asked));
  return navigator.credentials.create(toCreate(asked, form.elements.passwordless?.checked));
}

function listen(form) {
  const button = form.querySelector("button[type='button']");
  const wrong = form.querySelector("[data-cle-erreur]");
  button.addEventListener("click", async () => {
    wrong.textContent = "";
    button.disabled = true;
    try {
      form.elements.credential.value = JSON.stringify(answer(await ask(form)));
      form.submit();
    } catch (error) {
      wrong.textContent = REASONS[error.name] ?? "L’appareil n’a pas répondu, ou vous avez renoncé. Réessayez quand vous voulez.";
      button.disabled = false;
    }
  });
  form.hidden = false;
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-cle]")) listen(form);
}
