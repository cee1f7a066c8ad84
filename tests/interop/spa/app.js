/** A single-page application by the README of oidc-client-ts; one page is start, callback and silent callback. */
const { UserManager, WebStorageStateStore } = window.oidc;
const output = document.querySelector("output");
const here = `${location.origin}/`;

const manager = new UserManager({
  ...(await (await fetch("/settings.json")).json()),
  redirect_uri: here,
  post_logout_redirect_uri: here,
  popup_post_logout_redirect_uri: here,
  silentRequestTimeoutInSeconds: 5,
  automaticSilentRenew: false,
  monitorSession: false,
  loadUserInfo: true,
  userStore: new WebStorageStateStore({ store: window.localStorage }),
});

/** Do something and say what came of it, in words that the test reads. */
async function show(doing) {
  output.value = "";
  try {
    output.value = (await doing()) ?? "done";
  } catch (error) {
    output.value = `failed: ${error.error ?? error.message}`;
  }
}

function told(user) {
  return JSON.stringify({ ...user.profile, access_token: user.access_token, scope: user.scope });
}

const buttons = {
  redirect: () => manager.signinRedirect(),
  popup: async () => told(await manager.signinPopup({ popupAbortOnClose: true })),
  silent: async () => told(await manager.signinSilent()),
  revoke: () => manager.revokeTokens(),
  "sign-out": () => manager.signoutRedirect({ state: "bye" }),
  "sign-out-popup": () => manager.signoutPopup(),
};
for (const [id, doing] of Object.entries(buttons)) {
  document.getElementById(id).addEventListener("click", () => show(doing));
}

const parameters = new URLSearchParams(location.search);
if (parameters.has("code") || parameters.has("error")) {
  await show(async () => {
    const user = await manager.signinCallback(); // none where a window that waits has it
    history.replaceState(null, "", "/");
    return user && told(user);
  });
} else if (parameters.has("state")) {
  await show(async () => {
    await manager.signoutCallback();
    history.replaceState(null, "", "/");
    return "signed out";
  });
} else {
  output.value = "ready";
}
