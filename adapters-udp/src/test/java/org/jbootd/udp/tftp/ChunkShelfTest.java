package org.jbootd.udp.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jbootd.domain.files.OpenFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChunkShelfTest {

    private static final int STRIDE = SharedFile.STRIDE;
    private static final int PIECE = SharedFile.USUAL_PIECE;
    private static final int BLOCK = 1_428;

    private final TestFiles files = new TestFiles().with("file", 40 * STRIDE).with("other", 40 * STRIDE);
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<SharedFile> joined = new ArrayList<>();
    private ChunkShelf shelf = shelfOf(100);

    private ChunkShelf shelfOf(int pieces) {
        return new ChunkShelf(tasks::add, tasks::add, (long) pieces * PIECE);
    }

    @AfterEach
    void everythingIsGivenBack() {
        joined.forEach(SharedFile::leave);
        work();
        assertThat(files.open()).as("files left open").isZero();
        assertThat(shelf.heldOctets()).as("memory not given back").isZero();
        assertThat(shelf.openFiles()).isZero();
    }

    @Test
    void transfersOfOneVersionShareAFile() {
        SharedFile first = share("file", BLOCK);
        SharedFile second = share("file", 512);
        work();
        assertThat(second).isSameAs(first);
        assertThat(files.open()).as("the second is closed at once").isOne();
        assertThat(share("other", BLOCK)).isNotSameAs(first);
        assertThat(share("file", 65_464)).as("larger blocks need larger pieces").isNotSameAs(first);
        assertThat(shelf.openFiles()).isEqualTo(3);
    }

    @Test
    void aPieceOnItsWayTakesNoMemoryAndHoldsUpNoOther() {
        files.arriveUntil(PIECE);
        SharedFile file = share("file", BLOCK);
        Heard third = new Heard();
        file.fetch(2L * STRIDE, third);
        work();
        assertThat(shelf.heldOctets()).isZero();
        fetch(file, 0);

        Heard second = new Heard();
        file.fetch(STRIDE, second);
        work();
        files.arriveUntil(STRIDE + PIECE);
        work();
        assertThat(second.arrived).isOne();
        assertThat(third.arrived).isZero();
        files.arriveUntil(2L * STRIDE + PIECE);
        work();
        assertThat(third.arrived).isOne();
    }

    @Test
    void aFileThatNobodyWaitsForAnyMoreIsClosedBeforeItHasCome() {
        files.arriveUntil(0);
        SharedFile file = shelf.share(open("file"), BLOCK);
        file.fetch(0, new Heard());
        work();
        file.leave();
        work();
        assertThat(files.open()).isZero();
        files.arriveUntil(PIECE);
        work();
    }

    @Test
    void thePieceNotUsedForLongestMakesRoom() {
        shelf = shelfOf(3);
        SharedFile file = share("file", BLOCK);
        for (int piece = 0; piece < 3; piece++) {
            fetch(file, piece);
        }
        file.at(0);
        fetch(file, 3);
        assertThat(piecesHeld(file)).containsExactly(0, 2, 3);
        assertThat(shelf.heldOctets()).isEqualTo(3L * PIECE);
    }

    @Test
    void whatIsBeingReadIsNotDroppedAndTheHungryGetTheirTurn() {
        shelf = shelfOf(1);
        SharedFile file = share("file", BLOCK);
        SharedFile other = share("other", BLOCK);
        Heard heard = new Heard();
        file.fetch(0, heard);
        other.fetch(0, heard);
        assertThat(shelf.heldOctets()).as("one is being read, one waits").isEqualTo(PIECE);
        work();
        assertThat(heard.arrived).isEqualTo(2);
        assertThat(piecesHeld(file)).isEmpty();
        assertThat(piecesHeld(other)).containsExactly(0);
    }

    @Test
    void aReaderAloneKeepsOnlyWhatIsAroundIt() {
        SharedFile file = share("file", BLOCK);
        assertThat(mostHeldReading(file)).isLessThanOrEqualTo(10L * PIECE);
        assertThat(piecesHeld(file)).contains(36, 37, 38, 39).doesNotContain(0, 1, 20, 30);
    }

    @Test
    void severalReadersKeepWhatTheOthersWillNeed() {
        SharedFile file = share("file", BLOCK);
        share("file", BLOCK);
        mostHeldReading(file);
        assertThat(piecesHeld(file)).hasSize(40);
    }

    @Test
    void memoryGivenBackIsUsedAgainButNeverBeyondTheBound() {
        shelf = shelfOf(4);
        SharedFile file = share("file", BLOCK);
        ByteBuf first = shelf.take(PIECE, file);
        shelf.giveBack(first);
        assertThat(shelf.heldOctets()).as("it only waits").isZero();
        assertThat(shelf.take(PIECE, file)).isSameAs(first);
        shelf.giveBack(first);
        ByteBuf all = shelf.take(4 * PIECE, file);
        assertThat(first.refCnt()).as("freed to make room").isZero();
        assertThat(shelf.take(1, file)).as("there is no more").isNull();
        shelf.giveBack(all);
    }

    @Test
    void whatCannotBeReadIsTold() {
        files.failAt(2L * STRIDE);
        SharedFile file = share("file", BLOCK);
        Heard heard = new Heard();
        file.fetch(3L * STRIDE, heard);
        work();
        assertThat(heard.failed).isOne();
        assertThat(piecesHeld(file)).isEmpty();
    }

    private SharedFile share(String name, int blockSize) {
        SharedFile file = shelf.share(open(name), blockSize);
        joined.add(file);
        return file;
    }

    private OpenFile open(String name) {
        return files.open(name, InetAddress.getLoopbackAddress())
                .toCompletableFuture()
                .join();
    }

    private void fetch(SharedFile file, int piece) {
        Heard heard = new Heard();
        file.fetch((long) piece * STRIDE, heard);
        work();
        assertThat(heard.arrived).isOne();
    }

    /** Reads as a transfer does, block by block and ahead; returns how much memory that took at most. */
    private long mostHeldReading(SharedFile file) {
        long most = 0;
        for (long position = 0; position < file.size(); position += BLOCK) {
            if (file.at(position) == null) {
                fetch(file, (int) (position / STRIDE));
            }
            file.readAhead(position);
            work();
            most = Math.max(most, shelf.heldOctets());
        }
        return most;
    }

    private static List<Integer> piecesHeld(SharedFile file) {
        List<Integer> held = new ArrayList<>();
        for (int piece = 0; (long) piece * STRIDE < file.size(); piece++) {
            if (file.at((long) piece * STRIDE) != null) {
                held.add(piece);
            }
        }
        return held;
    }

    /** Everything that loop and readers were given, and what comes of it. */
    private void work() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    private static final class Heard implements Chunk.Reader {
        private int arrived;
        private int failed;

        @Override
        public void contentArrived() {
            arrived++;
        }

        @Override
        public void contentFailed(Throwable cause) {
            failed++;
        }
    }
}
