package org.jbootd.domain.access;

/** A setting of an {@link AccessBackend} that will not do. The message says what is wrong and how to mend it. */
public final class BadSetting extends Exception {

    private static final long serialVersionUID = 1L;

    private final String key;

    /** @param key the one that is wrong or missing, so that its line can be named */
    public BadSetting(String key, String message) {
        super(message);
        this.key = key;
    }

    public String key() {
        return key;
    }
}
