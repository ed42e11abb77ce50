package org.jbootd.domain.transfer;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a transfer repeats something, and what it tells of itself meanwhile. */
class ReadTransferTimingTest {

    /** Any origin must do. */
    private static final long T0 = Long.MAX_VALUE / 2 * -1;

    private static final TransferStep WAIT = new TransferStep.Wait();

    @Test
    void aClientThatGotSlowerIsBelievedAtOnceAndAFasterOneByAnEighth() {
        ReadTransfer transfer = started(1);
        long now = T0 + MILLISECONDS.toNanos(80);
        transfer.acknowledge(1, now);
        assertThat(transfer.deadline() - now).isEqualTo(MILLISECONDS.toNanos(4 * 80));

        now += MILLISECONDS.toNanos(160);
        transfer.acknowledge(2, now);
        assertThat(transfer.deadline() - now).isEqualTo(MILLISECONDS.toNanos(4 * 160));

        now += MILLISECONDS.toNanos(1);
        transfer.acknowledge(3, now);
        assertThat(transfer.deadline() - now).isEqualTo(MILLISECONDS.toNanos(4 * 140));
    }

    /** Nobody knows which of the two packets was acknowledged. */
    @Test
    void aRepeatedPacketTellsNothingOfTheRoundTrip() {
        ReadTransfer transfer = started(1);
        long now = T0 + MILLISECONDS.toNanos(50);
        transfer.acknowledge(1, now);
        now = transfer.deadline();
        transfer.timeout(now);
        now += SECONDS.toNanos(1);
        transfer.acknowledge(2, now);

        assertThat(transfer.deadline() - now).isEqualTo(MILLISECONDS.toNanos(4 * 50));
    }

    @Test
    void aLostBeginningOfAWindowIsRepeatedAfterTwoRoundTrips() {
        ReadTransfer transfer = started(4);
        long now = T0 + MILLISECONDS.toNanos(50);
        transfer.acknowledge(4, now);

        assertThat(transfer.acknowledge(4, now + MILLISECONDS.toNanos(1))).isEqualTo(WAIT);
        assertThat(transfer.deadline()).isEqualTo(now + MILLISECONDS.toNanos(100));
    }

    @Test
    void aDuplicateThatComesLateCausesItsRepetitionByTheClockAllTheSame() {
        ReadTransfer transfer = started(4);
        long now = T0 + MILLISECONDS.toNanos(1);
        transfer.acknowledge(4, now);
        long late = now + MILLISECONDS.toNanos(90);

        assertThat(transfer.acknowledge(4, late)).isEqualTo(WAIT);
        assertThat(transfer.deadline()).isEqualTo(late);
        assertThat(transfer.timeout(late)).isEqualTo(new TransferStep.SendBlocks(5, 4));
    }

    @Test
    void aDuplicateOfASlowClientDoesNotPutTheRepetitionOff() {
        ReadTransfer transfer = started(4);
        long now = T0 + MILLISECONDS.toNanos(1500);
        transfer.acknowledge(4, now);
        long due = transfer.deadline();
        assertThat(due - now).isEqualTo(SECONDS.toNanos(2));

        transfer.acknowledge(4, now + MILLISECONDS.toNanos(1));

        assertThat(transfer.deadline()).isEqualTo(due);
    }

    @Test
    void aRequestIsAnsweredAgainFromTwoHundredMillisecondsOn() {
        ReadTransfer transfer = started(1);

        assertThat(transfer.askedAgain(T0 + MILLISECONDS.toNanos(200) - 1)).isEqualTo(WAIT);
        assertThat(transfer.askedAgain(T0 + MILLISECONDS.toNanos(200))).isEqualTo(new TransferStep.SendBlocks(1, 1));
    }

    @Test
    void aClientThatAsksAgainHasOneMoreTrialAndNoMore() {
        ReadTransfer transfer = started(1);
        TransferStep again = new TransferStep.SendBlocks(1, 1);
        assertThat(transfer.timeout(transfer.deadline())).isEqualTo(again);

        assertThat(transfer.askedAgain(transfer.sentAt() + SECONDS.toNanos(1))).isEqualTo(again);

        assertThat(transfer.timeout(transfer.deadline())).isEqualTo(again);
        assertThat(transfer.timeout(transfer.deadline()))
                .isEqualTo(new TransferStep.End(TransferOutcome.NEVER_ANSWERED));
    }

    @Test
    void whatTheClientDidNotTakeOfAWindowCountsAsRepeated() {
        ReadTransfer transfer = started(4);

        transfer.acknowledge(1, T0);
        assertThat(transfer.repeatedPackets()).as("of 2 to 4").isEqualTo(3);
        transfer.acknowledge(5, T0);
        assertThat(transfer.repeatedPackets()).as("the window was taken whole").isEqualTo(3);
        transfer.timeout(transfer.deadline());
        assertThat(transfer.repeatedPackets()).isEqualTo(7);
    }

    @Test
    void itTellsHowFarItIs() {
        ReadTransfer transfer = started(4);
        assertThat(transfer.isConfirmed()).isFalse();
        assertThat(transfer.acknowledged()).isZero();
        assertThat(transfer.sentAt()).isEqualTo(T0);

        transfer.acknowledge(4, T0 + 7);
        assertThat(transfer.isConfirmed()).isTrue();
        assertThat(transfer.acknowledged()).isEqualTo(4);
        assertThat(transfer.sentAt()).isEqualTo(T0 + 7);
        assertThat(transfer.isLastSent()).isFalse();

        transfer.acknowledge(8, T0 + 8);
        assertThat(transfer.isLastSent()).isTrue();
        assertThat(transfer.isOver()).isFalse();
    }

    /** Of twelve blocks, the first window is on its way. */
    private static ReadTransfer started(int window) {
        ReadTransfer transfer =
                new ReadTransfer(new TransferTerms(512, window, Duration.ofSeconds(2), false, List.of()), 12);
        transfer.start(T0);
        return transfer;
    }
}
