// Asking the server for something that is not a save. Answers {ok, reason, …}; never throws for what the network does.

export const post = (url, value) => ask(url, {
  method: "POST", body: JSON.stringify(value),
  headers: { "Content-Type": "application/json", "X-CSRFToken": document.querySelector("#desk [name=csrfmiddlewaretoken]").value },
});
export const get = (url) => ask(url, {});

async function ask(url, options) {
  let response;
  try {
    response = await fetch(url, { redirect: "manual", credentials: "same-origin", ...options });
  } catch {
    return { ok: false, reason: "连不上服务器。" };
  }
  const answer = response.headers.get("content-type")?.includes("json") ? await response.json().catch(() => null) : null;
  if (answer) return { ok: response.ok, status: response.status, ...answer };
  const isShut = response.type === "opaqueredirect" || response.status === 403;
  return { ok: false, status: response.status, reason: isShut ? "登录已过期，或没有权限。" : `服务器出错（${response.status}）。` };
}
