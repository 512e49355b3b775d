/** A clock that goes when told to, and a socket whose other end is the test. */

export class FakeClock {
  #now = 0;
  #timers = [];

  now = () => this.#now;

  later = (run, ms) => {
    const timer = { run, at: this.#now + ms };
    this.#timers.push(timer);
    return () => { this.#timers = this.#timers.filter((one) => one !== timer); };
  };

  /** Let time pass, running what is due, in order, and what that leads to. */
  async pass(ms) {
    const until = this.#now + ms;
    for (;;) {
      const due = this.#timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = Math.max(this.#now, due.at);
      due.run();
      await settled();
    }
    this.#now = until;
  }
}

export class FakeSocket {
  sent = [];
  closed = false;

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.closed = true;
  }

  hear(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }

  drop(code) {
    this.onclose({ code });
  }
}

export const settled = () => new Promise((resolve) => setImmediate(resolve));
