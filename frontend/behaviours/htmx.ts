// htmx under a strict content security policy, with Django's CSRF token and errors said aloud.
import htmx from "htmx.org";
import { announce } from "./notices";

const NO_ANSWER = "网络不通，内容没有更新。请检查网络后重试。";
const REFUSED = "操作没有成功，请刷新页面后重试。";

interface RequestDetail {
  headers: Record<string, string>;
  verb: string;
}

interface ResponseDetail {
  xhr: XMLHttpRequest;
}

/** Configure htmx; must run before the first request of the page. */
export function startHtmx(): void {
  htmx.config.allowEval = false;
  htmx.config.includeIndicatorStyles = false;
  htmx.config.selfRequestsOnly = true;
  htmx.config.historyCacheSize = 0;

  document.addEventListener("htmx:configRequest", (event) => {
    const { headers, verb } = (event as CustomEvent<RequestDetail>).detail;
    const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]');
    if (token !== null && verb !== "get") headers["X-CSRFToken"] = token.content;
  });
  document.addEventListener("htmx:sendError", () => announce(NO_ANSWER));
  document.addEventListener("htmx:responseError", (event) => {
    announce(problemText((event as CustomEvent<ResponseDetail>).detail.xhr));
  });
}

/** The sentence for people in an application/problem+json answer, or a general one. */
function problemText(answer: XMLHttpRequest): string {
  try {
    const problem: unknown = JSON.parse(answer.responseText);
    if (typeof problem === "object" && problem !== null && "detail" in problem) {
      return String(problem.detail);
    }
  } catch {
    // Not a problem document: an HTML error page, say.
  }
  return REFUSED;
}
