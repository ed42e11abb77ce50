package org.jbootd.udp.tftp;

import java.net.InetSocketAddress;
import org.jbootd.domain.transfer.TransferOutcome;

/** One admitted request, from its arrival to the end of its transfer. Belongs to the event loop of {@link Admissions}. */
final class Ticket {

    /** What makes two requests the same: they are a datagram and its repetition. */
    record Key(InetSocketAddress client, String filename, int digest) {}

    private final Key key;
    private final Admissions admissions;
    private Delivery delivery;
    private volatile boolean confirmed;
    private boolean withdrawn;
    private boolean stopped;
    private Runnable askedBefore;
    private long askedBeforeAt;

    Ticket(Key key, Admissions admissions) {
        this.key = key;
        this.admissions = admissions;
    }

    Key key() {
        return key;
    }

    InetSocketAddress client() {
        return key.client;
    }

    String filename() {
        return key.filename;
    }

    Admissions admissions() {
        return admissions;
    }

    boolean isConfirmed() {
        return confirmed;
    }

    /** Its client acknowledged something. Called on any thread, before that client is sent anything more. */
    void confirm() {
        confirmed = true;
    }

    /** The file is open and the transfer begins. */
    void delivers(Delivery begun) {
        delivery = begun;
        if (withdrawn) {
            begun.giveWay(TransferOutcome.CROWDED_OUT);
        } else if (stopped) {
            begun.stop();
        } else if (askedBefore != null) {
            begun.askedAgain(askedBefore, askedBeforeAt);
        }
    }

    /** The same request again. A short transfer can be over before this thread hears that it began. */
    void askedAgain(Runnable onceMore) {
        if (delivery != null) {
            delivery.askedAgain(onceMore, System.nanoTime());
        } else {
            askedBefore = onceMore;
            askedBeforeAt = System.nanoTime();
        }
    }

    /** Its place is needed. */
    void withdraw() {
        withdrawn = true;
        if (delivery != null) {
            delivery.giveWay(TransferOutcome.CROWDED_OUT);
        }
    }

    /** The server stops. */
    void stop() {
        stopped = true;
        if (delivery != null) {
            delivery.stop();
        }
    }
}
