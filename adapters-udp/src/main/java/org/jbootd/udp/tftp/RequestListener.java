package org.jbootd.udp.tftp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.OpenFile;
import org.jbootd.domain.transfer.Negotiation;
import org.jbootd.domain.transfer.TransferError;
import org.jbootd.domain.transfer.TransferMode;
import org.jbootd.udp.MalformedPacket;
import org.jbootd.udp.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes requests on the well-known port, and begins a transfer for each or says what is wrong with it. */
final class RequestListener extends SimpleChannelInboundHandler<DatagramPacket> {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.tftp");

    /** RFC 2347 §2 ends requests at 512 octets; some clients do not count. */
    private static final int LARGEST_REQUEST = 1_024;

    /** Services that answer whatever comes: no client of ours has such a port, but forged requests do. */
    private static final Set<Integer> ECHOING_PORTS =
            Set.of(0, 7, 13, 17, 19, 37, 53, 69, 111, 123, 137, 138, 161, 389, 520);

    private final BootFiles files;
    private final Negotiation negotiation;
    private final Admissions admissions;
    private final TransferPorts ports;
    private final Executor openers;
    private final TftpLog log;
    private final LocalAddresses locals = new LocalAddresses();

    RequestListener(
            BootFiles files,
            Negotiation negotiation,
            Admissions admissions,
            TransferPorts ports,
            Executor openers,
            TftpLog log) {
        this.files = files;
        this.negotiation = negotiation;
        this.admissions = admissions;
        this.ports = ports;
        this.openers = openers;
        this.log = log;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
        InetSocketAddress client = packet.sender();
        InetAddress local = packet.recipient().getAddress();
        if (isForged(client) || locals.isShared(local)) {
            return; // RFC 1123 §4.2.3.5: requests to a broadcast address are not answered
        }
        ByteBuf content = packet.content();
        try {
            if (content.readableBytes() > LARGEST_REQUEST) {
                throw new MalformedPacket("longer than a request");
            }
            ByteBuffer octets = content.nioBuffer();
            int digest = octets.hashCode();
            request(TftpPacket.decode(octets), digest, client, local);
        } catch (MalformedPacket e) {
            malformed(content, e, client, local);
        }
    }

    private static boolean isForged(InetSocketAddress client) {
        InetAddress address = client.getAddress();
        return isEchoing(client.getPort()) || address.isAnyLocalAddress() || address.isMulticastAddress();
    }

    static boolean isEchoing(int port) {
        return ECHOING_PORTS.contains(port);
    }

    private void malformed(ByteBuf content, MalformedPacket e, InetSocketAddress client, InetAddress local) {
        int opcode = content.readableBytes() < 2 ? 0 : content.getUnsignedShort(content.readerIndex());
        if (opcode == TftpPacket.READ || opcode == TftpPacket.WRITE) {
            refuse(TransferError.MALFORMED, "a request that " + e.getMessage(), client, local);
        }
    }

    private void request(TftpPacket packet, int digest, InetSocketAddress client, InetAddress local) {
        if (packet instanceof TftpPacket.ReadRequest read) {
            read(read, digest, client, local);
        } else if (packet instanceof TftpPacket.WriteRequest write) {
            refuse(TransferError.READ_ONLY, write.filename(), client, local);
        } else if (!(packet instanceof TftpPacket.Failure)) {
            // An ERROR is never answered: two servers would keep each other busy (RFC 1350 §7).
            refuse(TransferError.ILLEGAL_OPERATION, packet.getClass().getSimpleName(), client, local);
        }
    }

    private void read(TftpPacket.ReadRequest request, int digest, InetSocketAddress client, InetAddress local) {
        Optional<TransferMode> mode = TransferMode.parse(request.mode());
        if (mode.isEmpty()) {
            refuse(TransferError.UNKNOWN_MODE, request.filename(), client, local);
            return;
        }
        Ticket.Key key = new Ticket.Key(client, request.filename(), digest);
        Ticket known = admissions.find(key);
        if (known != null) {
            known.askedAgain(() -> read(request, digest, client, local));
            return;
        }
        Ticket ticket = admissions.admit(key);
        if (ticket == null) {
            log.refused(client, request.filename(), "too many transfers, not answered", "");
            return;
        }
        ports.next(local).whenComplete((port, failure) -> {
            if (failure == null) {
                open(new Beginning(ticket, port, mode.get(), request.options(), negotiation));
            } else {
                admissions.remove(ticket);
                log.refused(client, request.filename(), "no socket: " + failure.getMessage(), "");
            }
        });
    }

    private void open(Beginning beginning) {
        try {
            openers.execute(() -> openOnItsThread(beginning));
        } catch (RejectedExecutionException e) {
            admissions.remove(beginning.ticket());
            log.refused(beginning.ticket().client(), beginning.ticket().filename(), "too many wait, not answered", "");
        }
    }

    private void openOnItsThread(Beginning beginning) {
        Ticket ticket = beginning.ticket();
        try {
            files.open(ticket.filename(), ticket.client().getAddress())
                    .whenComplete((file, failure) -> opened(beginning, file, failure));
        } catch (RuntimeException e) {
            opened(beginning, null, e);
        }
    }

    /** On any thread. */
    private void opened(Beginning beginning, OpenFile file, Throwable failure) {
        Ticket ticket = beginning.ticket();
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause == null) {
            beginning.with(file);
        } else if (cause instanceof FileUnavailable unavailable) {
            log.missing(
                    ticket.client(),
                    ticket.filename(),
                    unavailable.getMessage(),
                    beginning.without(errorOf(unavailable)).text());
        } else {
            LOG.error("cannot open {}", Printable.brief(ticket.filename()), cause);
            beginning.without(TransferError.READ_FAILED);
        }
    }

    private static TransferError errorOf(FileUnavailable unavailable) {
        return switch (unavailable.why()) {
            case NOT_FOUND -> TransferError.NOT_FOUND;
            case NOT_ALLOWED -> TransferError.NOT_ALLOWED;
            case NOT_A_FILE -> TransferError.NOT_A_FILE;
            case BROKEN -> TransferError.READ_FAILED;
        };
    }

    private void refuse(TransferError error, String what, InetSocketAddress client, InetAddress local) {
        log.refused(client, what, "refused", error.text());
        ports.next(local).thenAccept(port -> port.execute(() -> port.sendError(client, error)));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.error("a request could not be handled", cause);
    }
}
