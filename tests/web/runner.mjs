/* runner - runs the tests that the command line names, or all, and ends with
 * how many passed. A test is a function; what it throws is why it failed. */

export function expect(condition, what) {
  if (!condition) {
    throw new Error(what);
  }
}

export function expectEqual(found, wanted, what) {
  const [one, other] = [found, wanted].map((value) => JSON.stringify(value));
  expect(one === other, `${what}: ${one}, not ${other}`);
}

export async function waitUntil(condition, what, ms = 30000) {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await condition();
    if (answer) {
      return answer;
    }
    expect(Date.now() < end, `waited ${ms} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/* `tests`: {name_in_words: function}. */
export async function runTests(tests) {
  const wanted = process.argv.slice(2);
  let passed = 0;
  let failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    if (wanted.length > 0 && !wanted.includes(name)) {
      continue;
    }
    const begun = Date.now();
    try {
      await test();
      passed++;
      console.log(`passed ${name} (${Date.now() - begun} ms)`);
    } catch (error) {
      failed++;
      console.log(`FAILED ${name}\n${error.stack}`);
    }
  }
  console.log(`${passed} passed, ${failed} failed, 0 skipped`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}
