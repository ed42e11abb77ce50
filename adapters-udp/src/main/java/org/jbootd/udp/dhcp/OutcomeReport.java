package org.jbootd.udp.dhcp;

import java.util.Optional;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.exchange.Reason;
import org.jbootd.udp.dhcp.DhcpCounters.Reply;
import org.slf4j.event.Level;

/** Counts each outcome, and puts it into words for the log. For one thread. */
final class OutcomeReport {

    /** Kinds of log lines that are neither a reply nor a silence. */
    enum Fault {
        FAILURE
    }

    private final DhcpCounters counters;
    private final OutcomeLog log;
    private final RefusalRecord refusals;

    OutcomeReport(DhcpCounters counters, OutcomeLog log, RefusalRecord refusals) {
        this.counters = counters;
        this.log = log;
        this.refusals = refusals;
    }

    void malformed(Arrival arrival, String detail) {
        counters.countSilence(Reason.MALFORMED);
        refusals.malformed(arrival, detail);
        log.write(
                Level.DEBUG,
                Reason.MALFORMED,
                () -> "datagram from " + arrival.source() + " on "
                        + arrival.via().device() + ": no answer: MALFORMED (" + detail + ")");
    }

    /** @param subnet that decided; empty when none was found */
    void outcome(DhcpPacket request, Arrival arrival, Optional<String> subnet, Answer answer) {
        refusals.outcome(request, subnet, answer);
        if (answer instanceof Answer.Silence silence) {
            counters.countSilence(silence.reason());
            log.write(level(silence.reason()), silence.reason(), () -> heading(request, arrival) + words(silence));
        } else {
            Reply reply = kind(answer);
            counters.count(reply);
            log.write(Level.INFO, reply, () -> heading(request, arrival) + words(answer));
        }
    }

    /** Our own mistake: the client gets nothing, the daemon lives. */
    void failure(Arrival arrival, Throwable cause) {
        counters.countFailure();
        log.write(
                Level.ERROR,
                Fault.FAILURE,
                cause,
                () -> "a request from " + arrival.source() + " on "
                        + arrival.via().device() + " was not answered, by a mistake of this program");
    }

    private static Level level(Reason reason) {
        return switch (reason) {
            case MALFORMED, NOT_FOR_SERVERS, NO_SUBNET, NOT_OUR_SERVER, LEFT_TO_DHCP -> Level.DEBUG;
            case STORE_UNAVAILABLE, POOL_EXHAUSTED, OVERLOADED -> Level.WARN;
            default -> Level.INFO;
        };
    }

    private static Reply kind(Answer answer) {
        if (answer instanceof Answer.Offer) {
            return Reply.OFFER;
        }
        if (answer instanceof Answer.Ack) {
            return Reply.ACK;
        }
        if (answer instanceof Answer.InformAck) {
            return Reply.INFORM_ACK;
        }
        if (answer instanceof Answer.Nak) {
            return Reply.NAK;
        }
        if (answer instanceof Answer.BootReply) {
            return Reply.BOOT_REPLY;
        }
        if (answer instanceof Answer.ProxyOffer) {
            return Reply.PROXY_OFFER;
        }
        if (answer instanceof Answer.ProxyAck) {
            return Reply.PROXY_ACK;
        }
        throw new AssertionError(answer);
    }

    private static String heading(DhcpPacket request, Arrival arrival) {
        String relay = request.giaddr().isUnspecified() ? "" : " by relay " + request.giaddr();
        return messageName(request) + " from " + request.hardwareAddress() + relay + " on "
                + arrival.via().device() + ": ";
    }

    static String messageName(DhcpPacket request) {
        if (!request.options().has(OptionCode.MESSAGE_TYPE)) {
            return "BOOTREQUEST";
        }
        int type = request.options().octet(OptionCode.MESSAGE_TYPE).orElse(-1);
        return switch (type) {
            case MessageType.DISCOVER -> "DISCOVER";
            case MessageType.REQUEST -> "REQUEST";
            case MessageType.DECLINE -> "DECLINE";
            case MessageType.RELEASE -> "RELEASE";
            case MessageType.INFORM -> "INFORM";
            default -> "message";
        };
    }

    private static String words(Answer.Silence silence) {
        String done = silence.reason() == Reason.DONE ? "" : "no answer: ";
        return done + silence.reason() + (silence.detail().isEmpty() ? "" : " (" + silence.detail() + ")");
    }

    private static String words(Answer answer) {
        if (answer instanceof Answer.Offer offer) {
            return "OFFER " + words(offer.terms());
        }
        if (answer instanceof Answer.Ack ack) {
            return "ACK " + words(ack.terms());
        }
        if (answer instanceof Answer.InformAck inform) {
            return "ACK of parameters to " + inform.address();
        }
        if (answer instanceof Answer.Nak nak) {
            return "NAK: " + nak.reason() + (nak.text().isEmpty() ? "" : " (" + nak.text() + ")");
        }
        if (answer instanceof Answer.BootReply reply) {
            return "BOOTREPLY " + words(reply.terms());
        }
        if (answer instanceof Answer.ProxyOffer offer) {
            return "OFFER without an address" + words(offer.boot());
        }
        if (answer instanceof Answer.ProxyAck ack) {
            return "ACK to " + ack.address() + words(ack.boot())
                    + ack.chosen().map(item -> ", for item " + item.type()).orElse("");
        }
        throw new AssertionError(answer);
    }

    private static String words(Answer.BootInformation boot) {
        return boot.menu()
                        .map(menu -> ", menu of " + menu.items().size() + " items")
                        .orElse("")
                + words(boot.fetched());
    }

    private static String words(BootPlan plan) {
        return plan.bootFile().map(file -> ", boot file " + file).orElse("");
    }

    private static String words(Answer.Terms terms) {
        return terms.address() + terms.hostName().map(name -> " (" + name + ")").orElse("") + words(terms.plan());
    }
}
