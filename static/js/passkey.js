"use strict";

// Asks the browser for a passkey, and sends what it answers with the form (Web Authentication Level 3).
// A form says by data-passkey whether one is made ("create") or shown ("get"), and by data-options where to ask how.

const bytesOf = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const textOf = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
const withId = (named) => ({ ...named, id: bytesOf(named.id) });

// What PublicKeyCredential.parseRequestOptionsFromJSON and its like do, where a browser has them.
function question(options) {
  const asked = { ...options, challenge: bytesOf(options.challenge) };
  if (options.user) asked.user = withId(options.user);
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (options[list]) asked[list] = options[list].map(withId);
  }
  return asked;
}

// What PublicKeyCredential.toJSON does.
function answer(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = textOf(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

async function askedOf(form) {
  const options = await fetch(form.dataset.options, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    redirect: "error",
  });
  if (!options.ok) throw new Error(`the options were refused: ${options.status}`);
  const { publicKey } = await options.json();
  return navigator.credentials[form.dataset.passkey]({ publicKey: question(publicKey) });
}

function tell(form, problem) {
  const problems = [...form.querySelectorAll("[data-problem]")];
  const told = problems.find((one) => one.dataset.problem === problem) || problems.find((one) => one.dataset.problem === "");
  for (const one of problems) one.hidden = one !== told || problem === null;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button");
  form.hidden = false;
  if (!window.PublicKeyCredential) {
    button.hidden = true;
    tell(form, "unsupported");
  }
  button.addEventListener("click", async () => {
    button.disabled = true;
    tell(form, null);
    try {
      form.elements.credential.value = JSON.stringify(answer(await askedOf(form)));
      form.submit();
    } catch (problem) {
      tell(form, problem.name);
      button.disabled = false;
    }
  });
}
