package org.jbootd.domain.simulation;

import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientKey;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseChange;

/** Says in a few words what a record says in many: for traces. */
final class Words {

    private Words() {}

    static String of(Object thing) {
        if (thing instanceof ClientMessage message) {
            return message(message);
        } else if (thing instanceof Answer answer) {
            return answer(answer);
        } else if (thing instanceof LeaseChange change) {
            return change.kind() + " " + lease(change.lease());
        } else if (thing instanceof Lease lease) {
            return lease(lease);
        } else if (thing instanceof Optional<?> some) {
            return some.map(Words::of).orElse("nobody's");
        } else if (thing instanceof Collection<?> list) {
            return list.stream().map(Words::of).collect(Collectors.joining(" & "));
        }
        return String.valueOf(thing);
    }

    private static String who(ClientIdentity client) {
        return client.key() + (client.key() instanceof ClientKey.Identifier ? " on " + client.hardware() : "");
    }

    private static String message(ClientMessage message) {
        Request request = message.request();
        return String.format(
                "%s %s by %s %s on %s, xid %08x",
                message.getClass().getSimpleName(),
                address(message),
                who(request.client()),
                request.stage(),
                request.subnet(),
                request.xid());
    }

    private static String address(ClientMessage message) {
        if (message instanceof ClientMessage.Discover discover) {
            return discover.wanted().map(Object::toString).orElse("any");
        } else if (message instanceof ClientMessage.Select select) {
            return select.address() + " from " + select.server();
        } else if (message instanceof ClientMessage.Decline decline) {
            return decline.address().toString();
        } else if (message instanceof ClientMessage.Release release) {
            return release.address().toString();
        } else if (message instanceof ClientMessage.Inform inform) {
            return inform.address().toString();
        }
        return Oracle.addressAskedFor(message).map(Object::toString).orElse("");
    }

    private static String answer(Answer answer) {
        Optional<Answer.Terms> terms = Optional.empty();
        if (answer instanceof Answer.Offer offer) {
            terms = Optional.of(offer.terms());
        } else if (answer instanceof Answer.Ack ack) {
            terms = Optional.of(ack.terms());
        } else if (answer instanceof Answer.BootReply reply) {
            terms = Optional.of(reply.terms());
        } else if (answer instanceof Answer.Nak nak) {
            return "Nak, " + nak.reason() + ": " + nak.text();
        } else if (answer instanceof Answer.Silence silence) {
            return silence.reason() + " " + silence.detail();
        }
        return answer.getClass().getSimpleName()
                + terms.map(told -> " " + told.address() + " for " + told.leaseTime())
                        .orElse("");
    }

    private static String lease(Lease lease) {
        return lease.state() + " " + lease.address() + " of " + who(lease.client()) + " since " + lease.since()
                + " until " + lease.until();
    }
}
