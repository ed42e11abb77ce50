package org.jbootd.udp.tftp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jbootd.domain.transfer.ReadTransfer;
import org.jbootd.domain.transfer.TransferOutcome;
import org.jbootd.domain.transfer.TransferStep;
import org.jbootd.domain.transfer.TransferTerms;
import org.jbootd.udp.Printable;

/**
 * Drives one {@link ReadTransfer}: does its steps with a socket, a file and a clock. Belongs to the event loop of its
 * port, except where a method says otherwise.
 */
final class Delivery implements Chunk.Reader {

    private static final long QUIET_BEFORE_RESTART = TimeUnit.SECONDS.toNanos(1);

    /** The last ACK of a client that has asked again by then is still on its way. */
    private static final long ACK_AHEAD = TimeUnit.MILLISECONDS.toNanos(200);

    /** Blocks of a file for which opening a socket pays. */
    private static final long WORTH_A_LINE = 100;

    private final TransferPort port;
    private final Ticket ticket;
    private final SharedFile file;
    private final Blocks blocks;
    private final TransferTerms terms;
    private final ReadTransfer transfer;
    private final int packetSize;
    private final long beganAt = System.nanoTime();
    private OwnLine ownLine;
    private Future<?> alarm;
    private Runnable askedBehindTheLastAck;
    private long alarmAt;
    private boolean confirmed;
    private boolean segmented = true;
    private String clientError = "";

    Delivery(TransferPort port, Ticket ticket, SharedFile file, Blocks blocks, TransferTerms terms) {
        this.port = port;
        this.ticket = ticket;
        this.file = file;
        this.blocks = blocks;
        this.terms = terms;
        this.transfer = new ReadTransfer(terms, blocks.lastBlock());
        this.packetSize = TftpPacket.HEADER_OCTETS + terms.blockSize();
    }

    InetSocketAddress client() {
        return ticket.client();
    }

    boolean isConfirmed() {
        return confirmed;
    }

    void start() {
        perform(transfer.start(beganAt));
    }

    /** A datagram of our client. */
    void received(ByteBuf packet) {
        if (packet.readableBytes() < TftpPacket.HEADER_OCTETS) {
            return;
        }
        int opcode = packet.readUnsignedShort();
        int number = packet.readUnsignedShort();
        if (opcode == TftpPacket.ACK) {
            TransferStep step = transfer.acknowledge(number, System.nanoTime());
            confirm();
            perform(step);
        } else if (opcode == TftpPacket.ERROR) {
            clientError = number + " " + Printable.brief(text(packet));
            perform(transfer.clientError());
        }
    }

    private static String text(ByteBuf failure) {
        int end = failure.bytesBefore((byte) 0);
        return failure.toString(
                failure.readerIndex(), end < 0 ? failure.readableBytes() : end, StandardCharsets.US_ASCII);
    }

    private void confirm() {
        if (!confirmed && transfer.isConfirmed()) {
            confirmed = true;
            if (terms.windowSize() == 1 && blocks.lastBlock() >= WORTH_A_LINE) {
                ownLine = port.openOwnLine(this);
            }
            ticket.confirm();
            Admissions admissions = ticket.admissions();
            admissions.loop().execute(() -> admissions.confirmed(ticket));
        }
    }

    private void perform(TransferStep step) {
        if (step instanceof TransferStep.SendBlocks send) {
            sendBlocks(send.first(), send.count());
        } else if (step instanceof TransferStep.SendOptions send) {
            sendOptions(send);
        } else if (step instanceof TransferStep.Abort abort) {
            port.sendError(client(), abort.error());
            finish(abort.outcome());
        } else if (step instanceof TransferStep.End end) {
            finish(end.outcome());
        } else if (!(step instanceof TransferStep.Wait)) {
            throw new AssertionError(step);
        }
        arm();
    }

    private void sendOptions(TransferStep.SendOptions step) {
        byte[] octets = new TftpPacket.OptionAck(step.options()).encode();
        port.write(port.buffer(octets.length).writeBytes(octets), client());
        port.flush();
    }

    private void sendBlocks(long first, int count) {
        int batch = segmented ? port.segmentation().segments(packetSize) : 1;
        long next = first;
        long end = first + count;
        while (next < end) {
            if (!port.hasRoom()) {
                transfer.postpone(next - 1, System.nanoTime());
                port.waitForRoom(this);
                break;
            }
            int wanted = (int) Math.min(batch, end - next);
            int sent = sendBatch(next, wanted);
            next += sent;
            if (next > blocks.lastBlock()) {
                transfer.endsAt(blocks.lastBlock());
                break;
            }
            if (sent < wanted) {
                transfer.postpone(next - 1, System.nanoTime());
                blocks.fetch(next, this);
                break;
            }
        }
        if (ownLine == null) {
            port.flush();
        }
    }

    /** How many blocks were sent: fewer than {@code count} when the next one is not in memory, or there is none. */
    private int sendBatch(long first, int count) {
        ByteBuf packets = port.buffer(count * packetSize);
        int filled = 0;
        boolean more = true;
        while (more && filled < count) {
            long block = first + filled;
            packets.writeShort(TftpPacket.DATA).writeShort((int) block);
            if (blocks.write(block, packets)) {
                filled++;
                more = block != blocks.lastBlock();
            } else {
                packets.writerIndex(packets.writerIndex() - TftpPacket.HEADER_OCTETS);
                more = false;
            }
        }
        if (filled == 0) {
            packets.release();
        } else if (ownLine != null) {
            ownLine.send(packets);
        } else if (filled == 1) {
            port.write(packets, client());
        } else {
            port.channel()
                    .write(new SegmentedDatagramPacket(packets, packetSize, client()))
                    .addListener(written -> {
                        if (!written.isSuccess()) {
                            segmentationFailed(written.cause());
                        }
                    });
        }
        return filled;
    }

    private void segmentationFailed(Throwable cause) {
        if (segmented && !transfer.isOver()) {
            segmented = false;
            port.segmentation().refused(cause);
            perform(transfer.lost(System.nanoTime()));
        }
    }

    /** What the transfer was postponed for is there. */
    @Override
    public void contentArrived() {
        perform(transfer.resume(System.nanoTime()));
    }

    @Override
    public void contentFailed(Throwable cause) {
        port.log().broken(client(), file.origin(), cause);
        perform(transfer.readFailed());
    }

    private void arm() {
        long deadline = transfer.deadline();
        if (deadline == ReadTransfer.NEVER || alarm != null && alarmAt - deadline <= 0) {
            return; // an alarm that comes too early sets the next one
        }
        if (alarm != null) {
            alarm.cancel(false);
        }
        alarmAt = deadline;
        long wait = Math.max(0, deadline - System.nanoTime());
        alarm = port.after(wait, () -> alarmed(deadline));
    }

    private void alarmed(long at) {
        if (alarm == null || alarmAt != at) {
            return; // another was set, or none, while this one was on its way
        }
        alarm = null;
        perform(transfer.timeout(System.nanoTime()));
    }

    /**
     * The request came again. Called on any thread.
     *
     * @param onceMore admits the request as a new one, when this transfer has ended for it; called on the loop of
     *     {@link Admissions}
     * @param arrived when it came, by {@link System#nanoTime}
     */
    void askedAgain(Runnable onceMore, long arrived) {
        port.execute(() -> {
            long now = System.nanoTime();
            // Its client goes on from the same port: the last ACK came before the request, and may not be read yet.
            boolean afterTheLastBlock = transfer.isLastSent() && arrived - transfer.sentAt() > 0;
            if (transfer.isOver()) {
                if (afterTheLastBlock) {
                    ticket.admissions().loop().execute(onceMore);
                }
            } else if (transfer.isConfirmed() && now - transfer.sentAt() > QUIET_BEFORE_RESTART) {
                // No late duplicate: the client begins anew, and knows nothing of this transfer any more.
                perform(transfer.giveWay(TransferOutcome.REPLACED));
                ticket.admissions().loop().execute(onceMore);
            } else if (afterTheLastBlock && now - transfer.sentAt() < ACK_AHEAD) {
                askedBehindTheLastAck = onceMore;
            } else {
                perform(transfer.askedAgain(now));
            }
        });
    }

    /** Ends this transfer without a word to its client. Called on any thread. */
    void giveWay(TransferOutcome outcome) {
        port.execute(() -> perform(transfer.giveWay(outcome)));
    }

    /** The server stops. Called on any thread. */
    void stop() {
        port.execute(() -> perform(transfer.stop()));
    }

    private void finish(TransferOutcome outcome) {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
        port.remove(this);
        file.leave();
        Admissions admissions = ticket.admissions();
        admissions.loop().execute(() -> admissions.remove(ticket));
        if (outcome == TransferOutcome.COMPLETE && askedBehindTheLastAck != null) {
            admissions.loop().execute(askedBehindTheLastAck);
        }
        log(outcome);
    }

    private void log(TransferOutcome outcome) {
        // The last block is shorter, so the file's size bounds what was acknowledged.
        long octets = Math.max(0, Math.min(file.size(), transfer.acknowledged() * terms.blockSize()));
        port.log()
                .finished(
                        client(),
                        ticket.filename(),
                        file.origin(),
                        outcome,
                        clientError,
                        octets,
                        System.nanoTime() - beganAt,
                        transfer.repeatedPackets());
    }
}
