package org.jbootd.domain.transfer;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadTransferTest {

    /** Any origin must do. */
    private static final long T0 = Long.MAX_VALUE / 2 * -1;

    private static final TransferStep WAIT = new TransferStep.Wait();
    private static final List<TransferOption> OPTIONS = List.of(new TransferOption("blksize", "1428"));

    @Test
    void withoutOptionsDataFollowsTheRequest() {
        ReadTransfer transfer = plain(3);

        assertThat(transfer.start(T0)).isEqualTo(blocks(1, 1));
        assertThat(transfer.acknowledge(1, T0)).isEqualTo(blocks(2, 1));
        assertThat(transfer.acknowledge(2, T0)).isEqualTo(blocks(3, 1));
        assertThat(transfer.acknowledge(3, T0)).isEqualTo(end(TransferOutcome.COMPLETE));
        assertThat(transfer.deadline()).isEqualTo(ReadTransfer.NEVER);
    }

    @Test
    void anOackWaitsForAck0() {
        ReadTransfer transfer = withOptions(1, 2);

        assertThat(transfer.start(T0)).isEqualTo(new TransferStep.SendOptions(OPTIONS));
        assertThat(transfer.acknowledge(1, T0)).isEqualTo(WAIT);
        assertThat(transfer.acknowledge(0, T0)).isEqualTo(blocks(1, 1));
        assertThat(transfer.acknowledge(0, T0)).isEqualTo(WAIT);
    }

    @Test
    void anOackIsRepeated() {
        ReadTransfer transfer = withOptions(1, 2);
        transfer.start(T0);

        assertThat(transfer.timeout(T0 + SECONDS.toNanos(2))).isEqualTo(new TransferStep.SendOptions(OPTIONS));
    }

    @Test
    void aDuplicateAckNeverCausesData() {
        ReadTransfer transfer = plain(10);
        transfer.start(T0);

        assertThat(transfer.acknowledge(1, T0)).isEqualTo(blocks(2, 1));
        assertThat(transfer.acknowledge(1, T0)).isEqualTo(WAIT);
        assertThat(transfer.acknowledge(1, T0 + SECONDS.toNanos(1))).isEqualTo(WAIT);
        assertThat(transfer.acknowledge(2, T0 + SECONDS.toNanos(1))).isEqualTo(blocks(3, 1));
    }

    @Test
    void anAckOfABlockNeverSentIsIgnored() {
        ReadTransfer transfer = plain(10);
        transfer.start(T0);

        for (int block : new int[] {0, 2, 7, 65535}) {
            assertThat(transfer.acknowledge(block, T0)).as("ACK %d", block).isEqualTo(WAIT);
        }
        assertThat(transfer.isConfirmed()).isFalse();
        assertThat(transfer.acknowledge(1, T0)).isEqualTo(blocks(2, 1));
    }

    @Test
    void aWindowFollowsEachAck() {
        ReadTransfer transfer = withOptions(4, 10);
        transfer.start(T0);

        assertThat(transfer.acknowledge(0, T0)).isEqualTo(blocks(1, 4));
        assertThat(transfer.acknowledge(4, T0)).isEqualTo(blocks(5, 4));
        assertThat(transfer.acknowledge(8, T0)).isEqualTo(blocks(9, 2));
        assertThat(transfer.acknowledge(10, T0)).isEqualTo(end(TransferOutcome.COMPLETE));
    }

    @Test
    void anAckInsideTheWindowContinuesAfterIt() {
        ReadTransfer transfer = withOptions(4, 10);
        transfer.start(T0);
        transfer.acknowledge(0, T0);

        assertThat(transfer.acknowledge(2, T0)).isEqualTo(blocks(3, 4));
        assertThat(transfer.acknowledge(1, T0)).as("overtaken by the other").isEqualTo(WAIT);
    }

    @Test
    void aWindowIsRepeatedFromItsFirstUnacknowledgedBlock() {
        ReadTransfer transfer = withOptions(4, 10);
        transfer.start(T0);
        transfer.acknowledge(0, T0);
        transfer.acknowledge(4, T0);

        assertThat(transfer.timeout(T0 + SECONDS.toNanos(2))).isEqualTo(blocks(5, 4));
        assertThat(transfer.repeatedPackets()).isEqualTo(4);
    }

    @Test
    void aLostFirstBlockOfAWindowIsRepeatedSoonButNotByTheAckItself() {
        ReadTransfer transfer = withOptions(4, 10);
        transfer.start(T0);
        transfer.acknowledge(0, T0);
        transfer.acknowledge(4, T0);

        assertThat(transfer.acknowledge(4, T0 + 1)).isEqualTo(WAIT);
        long soon = transfer.deadline();
        assertThat(soon - T0).isLessThan(MILLISECONDS.toNanos(100));
        assertThat(transfer.timeout(soon)).isEqualTo(blocks(5, 4));
        assertThat(transfer.acknowledge(4, soon + 1)).isEqualTo(WAIT);
        assertThat(transfer.deadline() - soon).as("only once").isEqualTo(SECONDS.toNanos(2));
    }

    @Test
    void aWindowThatArrivedAfterAllIsNotRepeated() {
        ReadTransfer transfer = withOptions(4, 20);
        transfer.start(T0);
        transfer.acknowledge(0, T0);
        transfer.acknowledge(4, T0);
        transfer.acknowledge(4, T0 + 1);

        assertThat(transfer.acknowledge(8, T0 + 2)).isEqualTo(blocks(9, 4));
        assertThat(transfer.timeout(T0 + MILLISECONDS.toNanos(50))).isEqualTo(WAIT);
        assertThat(transfer.repeatedPackets()).isZero();
    }

    @Test
    void numbersWrapToZero() {
        ReadTransfer transfer = plain(200_000);
        TransferStep step = transfer.start(T0);
        for (long block = 1; block < 200_000; block++) {
            assertThat(step).isEqualTo(blocks(block, 1));
            step = transfer.acknowledge((int) (block & 0xffff), T0);
        }
        assertThat(transfer.acknowledge(200_000 & 0xffff, T0)).isEqualTo(end(TransferOutcome.COMPLETE));
    }

    @Test
    void windowsWrapToZero() {
        ReadTransfer transfer = withOptions(64, 70_000);
        transfer.start(T0);
        transfer.acknowledge(0, T0);
        for (long block = 64; block < 65_536; block += 64) {
            transfer.acknowledge((int) block, T0);
        }
        assertThat(transfer.acknowledge(0, T0)).isEqualTo(blocks(65_537, 64));
        assertThat(transfer.acknowledge(10, T0)).isEqualTo(blocks(65_547, 64));
    }

    @Test
    void repetitionsBackOffAndEndInAnError() {
        ReadTransfer transfer = agreedTimeout(1, 10);
        transfer.start(T0);
        transfer.acknowledge(0, T0);

        long now = T0;
        for (int wait : new int[] {1, 2, 4, 8, 8}) {
            assertThat(transfer.deadline() - now).isEqualTo(SECONDS.toNanos(wait == 1 ? 1 : wait));
            assertThat(transfer.timeout(transfer.deadline() - 1)).isEqualTo(WAIT);
            now = transfer.deadline();
            assertThat(transfer.timeout(now)).isEqualTo(blocks(1, 1));
        }
        assertThat(transfer.timeout(transfer.deadline()))
                .isEqualTo(new TransferStep.Abort(TransferError.TIMED_OUT, TransferOutcome.TIMED_OUT));
    }

    @Test
    void progressBeginsTheCountAnew() {
        ReadTransfer transfer = agreedTimeout(1, 10);
        transfer.start(T0);
        transfer.acknowledge(0, T0);
        for (int block = 1; block < 10; block++) {
            for (int repetition = 0; repetition < ReadTransfer.REPETITIONS; repetition++) {
                assertThat(transfer.timeout(transfer.deadline())).isEqualTo(blocks(block, 1));
            }
            transfer.acknowledge(block, transfer.deadline() - 1);
        }
        assertThat(transfer.isOver()).isFalse();
    }

    @Test
    void anAgreedTimeoutIsKeptExactly() {
        ReadTransfer transfer = agreedTimeout(3, 10);
        transfer.start(T0);
        transfer.acknowledge(0, T0 + 1000);

        assertThat(transfer.deadline()).isEqualTo(T0 + 1000 + SECONDS.toNanos(3));
    }

    @Test
    void withoutAnAgreedTimeoutALossIsRepairedByTheRoundTrip() {
        ReadTransfer transfer = plain(10);
        transfer.start(T0);
        long now = T0 + MILLISECONDS.toNanos(50);
        transfer.acknowledge(1, now);

        assertThat(transfer.deadline()).isEqualTo(now + MILLISECONDS.toNanos(200));
        long early = transfer.deadline();
        assertThat(transfer.timeout(early)).isEqualTo(blocks(2, 1));
        assertThat(transfer.deadline() - early)
                .as("the early one does not count")
                .isEqualTo(SECONDS.toNanos(2));
    }

    /** 1123-01: DATA soon after a duplicate would look as if the duplicate had caused it. */
    @Test
    void aDuplicateAckPutsTheEarlyRepetitionOff() {
        ReadTransfer transfer = plain(10);
        transfer.start(T0);
        long now = T0 + MILLISECONDS.toNanos(50);
        transfer.acknowledge(1, now);
        long early = transfer.deadline();

        assertThat(transfer.acknowledge(1, now + 1)).isEqualTo(WAIT);
        assertThat(transfer.timeout(early)).isEqualTo(WAIT);
        assertThat(transfer.deadline()).isEqualTo(now + SECONDS.toNanos(2));
        assertThat(transfer.timeout(transfer.deadline())).isEqualTo(blocks(2, 1));
    }

    @Test
    void theLastBlockIsAwaitedAndRepeated() {
        ReadTransfer transfer = plain(1);
        transfer.start(T0);

        assertThat(transfer.timeout(T0 + SECONDS.toNanos(2))).isEqualTo(blocks(1, 1));
        assertThat(transfer.acknowledge(1, T0 + SECONDS.toNanos(3))).isEqualTo(end(TransferOutcome.COMPLETE));
    }

    @Test
    void aLastAckThatNeverComesIsTold() {
        ReadTransfer transfer = plain(2);
        transfer.start(T0);
        transfer.acknowledge(1, T0);

        assertThat(exhaust(transfer))
                .isEqualTo(new TransferStep.Abort(TransferError.TIMED_OUT, TransferOutcome.LAST_ACK_MISSING));
    }

    @Test
    void aForgedRequestCostsTwoPacketsAndNoError() {
        ReadTransfer transfer = plain(10);
        transfer.start(T0);

        assertThat(transfer.timeout(transfer.deadline())).isEqualTo(blocks(1, 1));
        assertThat(transfer.timeout(transfer.deadline())).isEqualTo(end(TransferOutcome.NEVER_ANSWERED));
    }

    @Test
    void aRepeatedRequestIsAnsweredByTheSameTransferUnlessItIsADuplicate() {
        ReadTransfer transfer = withOptions(1, 10);
        transfer.start(T0);

        assertThat(transfer.askedAgain(T0 + MILLISECONDS.toNanos(1))).isEqualTo(WAIT);
        assertThat(transfer.askedAgain(T0 + MILLISECONDS.toNanos(900)))
                .isEqualTo(new TransferStep.SendOptions(OPTIONS));
        transfer.acknowledge(0, T0 + SECONDS.toNanos(1));
        assertThat(transfer.askedAgain(T0 + SECONDS.toNanos(2)))
                .as("after progress")
                .isEqualTo(WAIT);
    }

    @Test
    void aClientsErrorEndsItQuietly() {
        ReadTransfer transfer = withOptions(4, 10);
        transfer.start(T0);

        assertThat(transfer.clientError()).isEqualTo(end(TransferOutcome.ENDED_BY_CLIENT));
    }

    @Test
    void afterTheEndNothingHappens() {
        ReadTransfer transfer = plain(1);
        transfer.start(T0);
        transfer.acknowledge(1, T0);

        assertThat(List.of(
                        transfer.acknowledge(1, T0),
                        transfer.acknowledge(2, T0),
                        transfer.timeout(T0 + SECONDS.toNanos(100)),
                        transfer.clientError(),
                        transfer.askedAgain(T0 + SECONDS.toNanos(100)),
                        transfer.resume(T0),
                        transfer.lost(T0),
                        transfer.readFailed(),
                        transfer.stop(),
                        transfer.giveWay(TransferOutcome.CROWDED_OUT)))
                .containsOnly(WAIT);
    }

    @Test
    void contentThatIsLateIsSentWhenItComes() {
        ReadTransfer transfer = withOptions(8, 20);
        transfer.start(T0);
        transfer.acknowledge(0, T0);
        transfer.postpone(3, T0);

        assertThat(transfer.acknowledge(8, T0)).as("not sent yet").isEqualTo(WAIT);
        assertThat(transfer.timeout(T0 + SECONDS.toNanos(3)))
                .as("not the client's fault")
                .isEqualTo(WAIT);
        assertThat(transfer.resume(T0 + SECONDS.toNanos(4))).isEqualTo(blocks(4, 5));
        assertThat(transfer.deadline()).isEqualTo(T0 + SECONDS.toNanos(6));
        assertThat(transfer.acknowledge(8, T0 + SECONDS.toNanos(4))).isEqualTo(blocks(9, 8));
    }

    @Test
    void anAckMeanwhileMovesTheWindow() {
        ReadTransfer transfer = withOptions(8, 20);
        transfer.start(T0);
        transfer.acknowledge(0, T0);
        transfer.postpone(5, T0);

        assertThat(transfer.acknowledge(2, T0)).isEqualTo(WAIT);
        assertThat(transfer.resume(T0)).isEqualTo(blocks(3, 8));
    }

    @Test
    void contentThatNeverComesEndsIt() {
        ReadTransfer transfer = plain(20);
        transfer.start(T0);
        transfer.postpone(0, T0);

        assertThat(transfer.timeout(transfer.deadline()))
                .isEqualTo(new TransferStep.Abort(TransferError.READ_FAILED, TransferOutcome.READ_FAILED));
    }

    @Test
    void anEndFoundOnTheWayEndsIt() {
        ReadTransfer transfer = new ReadTransfer(terms(8, 2, false, OPTIONS), ReadTransfer.END_UNKNOWN);
        transfer.start(T0);
        assertThat(transfer.acknowledge(0, T0)).isEqualTo(blocks(1, 8));
        transfer.endsAt(3);

        assertThat(transfer.acknowledge(4, T0)).isEqualTo(WAIT);
        assertThat(transfer.acknowledge(3, T0)).isEqualTo(end(TransferOutcome.COMPLETE));
    }

    @Test
    void aStepThatDidNotLeaveIsDoneAgain() {
        ReadTransfer transfer = withOptions(4, 10);
        transfer.start(T0);
        transfer.acknowledge(0, T0);

        assertThat(transfer.lost(T0)).isEqualTo(blocks(1, 4));
    }

    @Test
    void theLastBlockIsShorterEvenIfEmpty() {
        assertThat(ReadTransfer.lastBlock(0, 512)).isEqualTo(1);
        assertThat(ReadTransfer.lastBlock(511, 512)).isEqualTo(1);
        assertThat(ReadTransfer.lastBlock(512, 512)).isEqualTo(2);
        assertThat(ReadTransfer.lastBlock(513, 512)).isEqualTo(2);
        assertThat(ReadTransfer.lastBlock(1024, 512)).isEqualTo(3);
    }

    private static TransferStep exhaust(ReadTransfer transfer) {
        TransferStep step = WAIT;
        while (!transfer.isOver()) {
            step = transfer.timeout(transfer.deadline());
        }
        return step;
    }

    private static ReadTransfer plain(long lastBlock) {
        return new ReadTransfer(terms(1, 2, false, List.of()), lastBlock);
    }

    private static ReadTransfer withOptions(int window, long lastBlock) {
        return new ReadTransfer(terms(window, 2, false, OPTIONS), lastBlock);
    }

    private static ReadTransfer agreedTimeout(int seconds, long lastBlock) {
        return new ReadTransfer(terms(1, seconds, true, OPTIONS), lastBlock);
    }

    private static TransferTerms terms(int window, int seconds, boolean agreed, List<TransferOption> acknowledged) {
        return new TransferTerms(512, window, Duration.ofSeconds(seconds), agreed, acknowledged);
    }

    private static TransferStep blocks(long first, int count) {
        return new TransferStep.SendBlocks(first, count);
    }

    private static TransferStep end(TransferOutcome outcome) {
        return new TransferStep.End(outcome);
    }
}
