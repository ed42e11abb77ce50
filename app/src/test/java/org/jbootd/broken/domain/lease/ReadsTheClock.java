package org.jbootd.broken.domain.lease;

import java.time.Instant;

/** Breaks: the domain reads no clock. */
final class ReadsTheClock {

    Instant now() {
        return Instant.now();
    }

    void rest() throws InterruptedException {
        Thread.sleep(1);
    }
}
