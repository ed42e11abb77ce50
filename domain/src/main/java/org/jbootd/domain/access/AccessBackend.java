package org.jbootd.domain.access;

import java.util.Map;

/**
 * A backend of access control from outside of jbootd, found by {@link java.util.ServiceLoader}: a jar in the directory of
 * {@code [bootp] access_dir} names its implementation, which has a constructor without parameters, in
 * {@code META-INF/services/org.jbootd.domain.access.AccessBackend}.
 */
public interface AccessBackend {

    /** The word for it in {@code [bootp] access}, which is the name of its section, too: small letters, digits, dashes. */
    String name();

    /**
     * Makes the backend ready to be asked. Called when a configuration is taken into use, and also to check one; then the
     * result is closed without being asked.
     *
     * <p>What is returned is asked by several threads at once. It may block, since it has threads of its own, but it is
     * given up with an exception, as {@link Verdict.Denied} is not its word, when it takes longer than
     * {@code [bootp] timeout}. If it is {@link AutoCloseable}, it is closed when it is not needed any more.
     *
     * @param settings the lines of its section, as they are written and in the order of the file
     * @throws BadSetting when they will not do
     */
    AccessControl open(Map<String, String> settings) throws BadSetting;
}
