package org.jbootd.udp.notify;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.UuidOrder;
import org.jbootd.domain.event.MachineEvent;

/**
 * A notification as pybootd 1.5 wrote it: {@code KIND[,UUID],MAC,IP} in ASCII, with dashes and capitals, and nothing behind it.
 */
final class NotificationText {

    private NotificationText() {}

    static byte[] of(MachineEvent event, UuidOrder order) {
        ClientIdentity client = event.request().client();
        String uuid = client.uuid()
                .map(order::write)
                .map(known -> "," + known.toString().toUpperCase(Locale.ROOT))
                .orElse("");
        return (kind(event) + uuid + "," + client.hardware() + "," + event.address())
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String kind(MachineEvent event) {
        if (event instanceof MachineEvent.Released) {
            return "RELEASE";
        }
        return event.request().stage().networkBoots() ? "BOOT" : "LEASE";
    }
}
