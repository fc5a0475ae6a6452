// What the app cannot do without. A phone that lacks one of these would lose records sooner or later,
// so it is refused at enrolment, with the reason.

export interface Missing {
  readonly name: "secure" | "worker" | "database" | "crypto" | "locks" | "current" | "persist";
  readonly reason: string;
  readonly advice: string;
}

const REASONS: Record<Missing["name"], Omit<Missing, "name">> = {
  secure: {
    reason: "这个地址不是加密连接（https）。",
    advice: "请用县局发的 https 地址打开，或请管理员配置证书。",
  },
  worker: {
    reason: "浏览器不能离线保存应用（Service Worker）。",
    advice: "请退出无痕（隐私）模式，或换用新版 Chrome、Edge、Safari。",
  },
  database: {
    reason: "浏览器不能在本机保存记录（IndexedDB）。",
    advice: "请退出无痕（隐私）模式，并检查手机剩余空间。",
  },
  crypto: {
    reason: "浏览器不能加密（WebCrypto）。",
    advice: "请换用新版 Chrome、Edge 或 Safari。",
  },
  locks: {
    reason: "浏览器不能防止两个页面同时写入（Web Locks）。",
    advice: "请把浏览器更新到近两年的版本。",
  },
  current: {
    reason: "浏览器太旧，缺少保存和上传要用的功能。",
    advice: "请更新浏览器：Chrome、Edge 要 111 以上，Firefox 要 119 以上；苹果手机要 iOS 16.4 以上。",
  },
  persist: {
    reason: "浏览器不保证长期保存：空间紧张时可能删掉还没上传的记录。",
    advice: "请先从浏览器菜单把本应用“添加到主屏幕”（安装），再从主屏幕打开，粘贴绑定链接。",
  },
};

/** What this browser lacks; empty where it lacks nothing. Asks for lasting storage on the way. */
export async function missing(): Promise<Missing[]> {
  const names: Missing["name"][] = [];
  if (!isSecureContext) {
    // Without it nothing below exists either; one reason says it all.
    return [named("secure")];
  }
  if (!("serviceWorker" in navigator)) {
    names.push("worker");
  }
  if (!(await databaseWorks())) {
    names.push("database");
  }
  if (!("subtle" in crypto)) {
    names.push("crypto");
  }
  if (!("locks" in navigator)) {
    names.push("locks");
  }
  if (!isCurrent()) {
    names.push("current");
  }
  if (!(await persists())) {
    names.push("persist");
  }
  return names.map(named);
}

function named(name: Missing["name"]): Missing {
  return { name, ...REASONS[name] };
}

/** What every line is written with, what packs a push and unpacks an answer, what tabs speak by. */
function isCurrent(): boolean {
  const needed = ["CompressionStream", "DecompressionStream", "BroadcastChannel"];
  return "toWellFormed" in String.prototype && needed.every((one) => one in globalThis);
}

async function persists(): Promise<boolean> {
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist());
  } catch {
    return false;
  }
}

/** Some browsers offer a database and then refuse to open one. */
function databaseWorks(): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      const request = indexedDB.open("cunjing-check");
      request.onerror = () => resolve(false);
      request.onsuccess = () => {
        request.result.close();
        indexedDB.deleteDatabase("cunjing-check");
        resolve(true);
      };
    } catch {
      resolve(false);
    }
  });
}
