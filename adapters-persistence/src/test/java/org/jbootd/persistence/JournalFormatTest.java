package org.jbootd.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.zip.CRC32C;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers, frames and names of journal files, octet by octet. */
class JournalFormatTest {

    private static final long SALT = 0x1122334455667788L;
    private static final FileHeader HEADER = new FileHeader(FileHeader.Kind.SEGMENT, 3, SALT, 17);

    @Test
    void aHeaderIsItsMagicVersionNumberSaltSequenceNumberAndChecksum() throws DamagedFile {
        ByteBuffer octets = HEADER.encode();

        assertThat(octets.remaining()).isEqualTo(64);
        assertThat(HexFormat.of().formatHex(octets.array(), 0, 36))
                .isEqualTo(
                        "6a626f6f746a726e" + "00000002" + "0000000000000003" + "1122334455667788" + "0000000000000011");
        assertThat(octets.getInt(36)).isEqualTo(crc(octets.array(), 36));
        assertThat(FileHeader.decode(FileHeader.Kind.SEGMENT, octets)).isEqualTo(HEADER);
    }

    private static int crc(byte[] octets, int length) {
        CRC32C crc = new CRC32C();
        crc.update(octets, 0, length);
        return (int) crc.getValue();
    }

    @Test
    void aHeaderOfAnotherKindVersionOrLengthIsRefusedByName() {
        ByteBuffer octets = HEADER.encode();
        assertThatThrownBy(() -> FileHeader.decode(FileHeader.Kind.SNAPSHOT, octets))
                .isInstanceOf(DamagedFile.class)
                .hasMessage("it does not start as one of ours");
        assertThatThrownBy(() -> FileHeader.decode(FileHeader.Kind.SEGMENT, octets.slice(0, 63)))
                .hasMessage("it is too short");
        octets.putInt(8, 3);
        assertThatThrownBy(() -> FileHeader.decode(FileHeader.Kind.SEGMENT, octets))
                .hasMessage("the checksum of its header is wrong");
        octets.putInt(36, crc(octets.array(), 36));
        assertThatThrownBy(() -> FileHeader.decode(FileHeader.Kind.SEGMENT, octets))
                .hasMessage("it has format 3, this version of jbootd knows 1 to 2");
    }

    @Test
    void aFileOfTheFirstFormatIsRead() throws DamagedFile {
        ByteBuffer octets = HEADER.encode();
        octets.putInt(8, 1).putInt(36, crc(octets.array(), 36));
        assertThat(FileHeader.decode(FileHeader.Kind.SEGMENT, octets)).isEqualTo(HEADER);
    }

    private static ByteBuffer framed(byte[] payload, int before, int behind) {
        Frame frame = new Frame(5, payload);
        ByteBuffer file = ByteBuffer.allocate(before + frame.length() + behind);
        frame.encode(SALT, file.position(before));
        return file.clear();
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "0, 1, 0", "64, 0, 0", "64, 28, 0", "7, 300, 9"})
    void aFrameIsFoundWhereItStandsAndNowhereElse(int before, int length, int behind) {
        byte[] payload = new byte[length];
        new Random(length).nextBytes(payload);
        ByteBuffer file = framed(payload, before, behind);

        assertThat(Frame.at(file, before, SALT)).hasValueSatisfying(frame -> {
            assertThat(frame.seq()).isEqualTo(5);
            assertThat(frame.payload()).isEqualTo(payload);
            assertThat(frame.length()).isEqualTo(20 + length);
        });
        assertThat(Frame.at(file, before, SALT + 1)).as("of another file").isEmpty();
        assertThat(Frame.at(file.slice(0, before + 19 + length), before, SALT))
                .as("cut off")
                .isEmpty();
        assertThat(Frame.anyBetween(file, 0, before + 1, SALT)).isTrue();
        assertThat(Frame.anyBetween(file, 0, before, SALT)).isFalse();
        assertThat(Frame.anyBetween(file, before + 1, file.limit(), SALT)).isFalse();
    }

    @Test
    void noOctetOfAFrameMayBeAnother() {
        ByteBuffer file = framed(new byte[] {1, 2, 3}, 0, 0);
        for (int at = 0; at < file.limit(); at++) {
            byte right = file.get(at);
            for (int bit = 0; bit < 8; bit++) {
                file.put(at, (byte) (right ^ 1 << bit));
                assertThat(Frame.at(file, 0, SALT))
                        .as("octet %d, bit %d", at, bit)
                        .isEmpty();
            }
            file.put(at, right);
        }
        assertThat(Frame.at(file, 0, SALT)).isPresent();
    }

    private static ByteBuffer segment(int behind) throws IOException {
        RandomChanges random = new RandomChanges(new Random(11));
        List<Frame> frames = new ArrayList<>();
        long next = HEADER.seq();
        for (int i = 0; i < 3; i++) {
            List<LeaseChange> group = random.group();
            JournalEntry entry = new JournalEntry(next, Instant.EPOCH, Instant.EPOCH, group);
            frames.add(new Frame(next, LeaseCodec.encodeEntry(entry, List.of(LeaseCodec.encodeChanges(group)))));
            next = entry.lastSeq() + 1;
        }
        int length = FileHeader.LENGTH + frames.stream().mapToInt(Frame::length).sum();
        ByteBuffer file = ByteBuffer.allocate(length + behind).put(HEADER.encode());
        frames.forEach(frame -> frame.encode(SALT, file));
        return file.clear();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 64, 1000})
    void aSegmentEndsBeforeItsZeros(int zeros) throws IOException {
        ByteBuffer file = segment(zeros);
        SegmentReading reading = SegmentReading.of(file);

        assertThat(reading.header()).isEqualTo(HEADER);
        assertThat(reading.entries()).hasSize(3);
        assertThat(reading.lastSeq())
                .isEqualTo(16
                        + reading.entries().stream()
                                .mapToInt(entry -> entry.changes().size())
                                .sum());
        assertThat(reading.end()).isEqualTo(file.limit() - zeros);
        assertThat(reading.ending()).isEqualTo(SegmentReading.Ending.CLEAN);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 15, 99})
    void anythingElseBehindItIsARestOfAWrite(int at) throws IOException {
        ByteBuffer file = segment(100);
        file.put(file.limit() - 100 + at, (byte) 1);
        SegmentReading reading = SegmentReading.of(file);

        assertThat(reading.entries()).hasSize(3);
        assertThat(reading.end()).isEqualTo(file.limit() - 100);
        assertThat(reading.ending()).isEqualTo(SegmentReading.Ending.TORN);
    }

    @Test
    void aWholeFrameBehindABrokenOneIsDamage() throws IOException {
        ByteBuffer file = segment(10);
        int broken = FileHeader.LENGTH + 25;
        file.put(broken, (byte) (file.get(broken) ^ 1));

        assertThat(SegmentReading.of(file).entries()).isEmpty();
        assertThat(SegmentReading.of(file).lastSeq()).isEqualTo(16);
        assertThat(SegmentReading.of(file).ending()).isEqualTo(SegmentReading.Ending.DAMAGED);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999, 1000, 1001, 2000, 2500})
    void aSnapshotOfAnySizeIsReadAsItWasWritten(int count) throws IOException {
        Lease lease = new RandomChanges(new Random(1)).group().get(0).lease();
        Snapshot snapshot = new Snapshot(77, Instant.ofEpochSecond(12, 34), new ArrayList<>());
        for (int i = 0; i < count; i++) {
            snapshot.leases().add(lease);
        }
        ForgetfulDisk disk = new ForgetfulDisk(new Random(1));
        snapshot.write(disk);

        assertThat(disk.names()).containsExactly("0000000000000000077.snapshot");
        assertThat(Snapshot.read(disk, "0000000000000000077.snapshot")).isEqualTo(snapshot);
    }

    @Test
    void aNameTellsTheNumber() {
        assertThat(JournalNames.segment(42)).isEqualTo("0000000042.journal");
        assertThat(JournalNames.segmentNumber("0000000042.journal")).isEqualTo(OptionalLong.of(42));
        assertThat(JournalNames.snapshotSeq(JournalNames.snapshot(Long.MAX_VALUE)))
                .isEqualTo(OptionalLong.of(Long.MAX_VALUE));
        assertThat(JournalNames.segmentNumber("0000000000000000042.snapshot")).isEmpty();
        assertThat(JournalNames.snapshotSeq("0000000042.journal")).isEmpty();
        assertThat(JournalNames.segmentNumber("0000000042.journal.new")).isEmpty();
        assertThat(JournalNames.unfinished("0000000042.journal")).isEqualTo("0000000042.journal.new");
        assertThat(JournalNames.isUnfinished("0000000042.journal.new")).isTrue();
        assertThat(JournalNames.isUnfinished("0000000042.journal")).isFalse();
    }
}
