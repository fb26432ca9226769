// Runs in the sentinel's own page on the portal's origin, where no script of the portal ever runs.
async (path, method, form, milliseconds, largest) => {
  let response;
  try {
    response = await fetch(path, {
      method,
      body: form === null ? undefined : new URLSearchParams(form),
      cache: "no-store",
      credentials: "include",
      redirect: "manual",
      signal: AbortSignal.timeout(milliseconds),
    });
    if (response.type === "opaqueredirect") return { status: 300, contentType: "", body: "" };
    const bytes = await response.arrayBuffer();
    if (bytes.byteLength > largest) return { fault: "ambiguous" };
    const contentType = response.headers.get("content-type") ?? "";
    const charset = /charset=["']?([\w-]+)/i.exec(contentType)?.[1] ?? "utf-8";
    const body = new TextDecoder(charset, { fatal: true }).decode(bytes);
    return { status: response.status, contentType, body };
  } catch (error) {
    if (error.name === "TimeoutError") return { fault: "timeout" };
    return { fault: response ? "not_understood" : "unreachable" };
  }
}
