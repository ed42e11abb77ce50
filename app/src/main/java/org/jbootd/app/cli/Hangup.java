package org.jbootd.app.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGHUP. Java has no way to be told of signals but {@code sun.misc.Signal}, which every JDK has and none promises; it is
 * called by name, so that a JDK without it costs the reload and nothing else.
 */
final class Hangup {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.daemon");

    private Hangup() {}

    /** From now on each SIGHUP runs {@code action}, on a thread of its own. */
    static void runs(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object handling = Proxy.newProxyInstance(
                    Hangup.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                            return null;
                        }
                        return method.getName().equals("equals")
                                ? proxy == arguments[0]
                                : System.identityHashCode(proxy);
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), handling);
        } catch (ReflectiveOperationException | IllegalArgumentException problem) {
            Throwable cause = problem instanceof InvocationTargetException ? problem.getCause() : problem;
            LOG.warn("SIGHUP does not reload the configuration here: {}", cause.toString());
        }
    }
}
