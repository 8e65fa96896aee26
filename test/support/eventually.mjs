/**
 * Waits until a check holds, asking every 50 ms.
 *
 * @param what for the error: what was waited for
 * @throws after 60 s, with the last error of the check
 */
export async function eventually(check, what) {
  const deadline = Date.now() + 60_000;
  for (let problem; ;) {
    try {
      if (await check()) return;
    } catch (error) {
      problem = error;
    }
    if (Date.now() > deadline) throw new Error(`Never seen: ${what}`, { cause: problem });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
