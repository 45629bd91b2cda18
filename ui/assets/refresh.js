// Shows the page anew after a change elsewhere: one refresh at a time, and none while an own message or action is under way,
// because its answer brings the newest state.

const AFTER_OWN_ANSWER_MS = 900;

export function makeRefresh(page) {
  const { alert, messages, server } = page;
  let timer = null;
  let running = null;
  let changedMeanwhile = false;

  async function now() {
    changedMeanwhile = Boolean(running);
    if (running) return running;
    running = show();
    const answer = await running;
    running = null;
    if (changedMeanwhile) soon();
    return answer;
  }

  async function show() {
    const answer = await server.show();
    const isNew = answer.refused === "unknown_request" && messages.isFirstUnsent();
    if (answer.refused && (!messages.unsent || alert.needsSignIn(answer)) && !isNew) alert.showRefusal(answer);
    else if (!answer.refused && alert.asksToSignIn) alert.clear();
    return answer;
  }

  // Several calls within the delay make one refresh.
  function soon() {
    clearTimeout(timer);
    const delay = server.isBusy ? AFTER_OWN_ANSWER_MS : Math.max(0, server.lastAnswerAt + AFTER_OWN_ANSWER_MS - Date.now());
    timer = setTimeout(() => (server.isBusy ? soon() : now()), delay);
  }

  return { now, soon };
}
