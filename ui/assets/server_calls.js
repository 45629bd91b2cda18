// Sends a page's events to the server. An answer has `regions`, and `refused` (a code) with `message` if it was refused.
// An event without an answer is refused with "lost", or with "signed_out" if the sign-in has ended.

const SIGN_IN_CHECK_MS = 2500;

export function makeServerCalls(page, events) {
  const texts = page.root.dataset;
  let pending = 0;
  let lastAnswerAt = 0;

  async function send(event, name, fields, request = page.request) {
    const check = setInterval(async () => (await isSignedOut()) && events.giveUp(), SIGN_IN_CHECK_MS);
    const answer = await events.send(event, { name, request, fields, who: page.login });
    clearInterval(check);
    if (answer.refused !== "lost") return answer;
    if (await isSignedOut()) return { ...answer, refused: "signed_out", message: texts.signedOut };
    return { ...answer, message: event === "submit" ? texts.lost : texts.lostAct };
  }

  async function sendOwn(...event) {
    pending += 1;
    const answer = await send(...event);
    pending -= 1;
    lastAnswerAt = Date.now();
    return answer;
  }

  return {
    isSignedOut,
    show: () => send("select", "show", {}),
    act: (name, fields) => sendOwn("click", name, fields),
    say: (fields, request) => sendOwn("submit", "say", fields, request),
    // Whether a message or an action of this page has no answer yet.
    get isBusy() {
      return pending > 0;
    },
    get lastAnswerAt() {
      return lastAnswerAt;
    },
  };
}

async function isSignedOut() {
  try {
    return (await fetch("/me", { cache: "no-store" })).status === 401;
  } catch {
    return false;
  }
}
