package org.jbootd.persistence;

import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A failure that lasts: logged once when it begins and once when it is over. One thread changes it, any may ask. */
public final class Trouble {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.leases");

    private final String what;
    private volatile String present;

    /** @param what is failing, as the subject of a sentence in the log */
    public Trouble(String what) {
        this.what = what;
    }

    public void began(Throwable cause) {
        if (present == null) {
            LOG.error("{} cannot be written now, trying again until it can: {}", what, sentence(cause));
            LOG.debug("the cause", cause);
        }
        present = what + " cannot be written now: " + sentence(cause);
    }

    public void ended() {
        if (present != null) {
            present = null;
            LOG.warn("{} can be written again", what);
        }
    }

    /** What is wrong now; empty when nothing is. */
    public Optional<String> present() {
        return Optional.ofNullable(present);
    }

    /** What the disk says, if it is that; else what the first exception says. */
    static String sentence(Throwable failure) {
        Throwable cause = failure;
        for (Throwable deeper = failure; deeper != null; deeper = deeper.getCause()) {
            cause = deeper instanceof IOException ? deeper : cause;
        }
        return cause.getMessage() == null
                ? cause.getClass().getSimpleName()
                : cause.getMessage().lines().findFirst().orElse("");
    }
}
