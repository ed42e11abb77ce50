package org.jbootd.domain.exchange;

import java.util.Map;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.lease.Cause;
import org.jbootd.domain.lease.LeaseWrite;
import org.jbootd.domain.lease.Occasion;

/** What the history says about how a write came about. */
final class Occasions {

    private static final Map<Class<? extends ClientMessage>, Cause> CAUSES = Map.of(
            ClientMessage.Select.class, Cause.SELECT,
            ClientMessage.Reboot.class, Cause.REBOOT,
            ClientMessage.Renew.class, Cause.RENEW,
            ClientMessage.Rebind.class, Cause.REBIND,
            ClientMessage.Bootp.class, Cause.BOOTP,
            ClientMessage.Release.class, Cause.RELEASE,
            ClientMessage.Decline.class, Cause.DECLINE);

    private Occasions() {}

    static Occasion of(Exchange exchange, LeaseWrite write) {
        Cause cause = isConflict(exchange, write)
                ? Cause.PROBE
                : CAUSES.getOrDefault(exchange.message().getClass(), Cause.UNKNOWN);
        return Occasion.of(cause, exchange.request(), write.offered().filter(since -> isToldOfOffers(exchange, write)));
    }

    /** An address that the network is asked about is held meanwhile, which its machine hears of only if it is free. */
    private static boolean isToldOfOffers(Exchange exchange, LeaseWrite write) {
        return !isConflict(exchange, write) && !(exchange.message() instanceof ClientMessage.Bootp);
    }

    /** An address was found in use by us, and its machine wants another. */
    static boolean isConflict(Exchange exchange, LeaseWrite write) {
        return write.declines() && !exchange.givesBack();
    }
}
