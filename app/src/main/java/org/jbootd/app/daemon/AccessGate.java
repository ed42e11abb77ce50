package org.jbootd.app.daemon;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jbootd.acl.HttpAccess;
import org.jbootd.app.access.ForeignAccess;
import org.jbootd.app.settings.AccessSettings;
import org.jbootd.domain.access.AccessChain;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.access.BadSetting;
import org.jbootd.domain.access.MacList;
import org.jbootd.domain.access.ReservedHosts;
import org.jbootd.domain.access.ShadowedAccess;
import org.jbootd.domain.access.UuidList;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.client.Request;

/** Access control as the settings want it, with the backends that it consists of. Threads may share it. */
final class AccessGate implements AccessControl, AutoCloseable {

    private final Held held = new Held();
    private final Map<AccessSettings.Backend, AccessControl> opened = new HashMap<>();
    private final AccessControl control;
    private Optional<ShadowLog> differences = Optional.empty();

    /**
     * @param watch may stand between the gate and each backend that is obeyed
     * @param comparison hears what the shadow says, instead of the log
     */
    AccessGate(
            AccessSettings settings,
            UnaryOperator<AccessChain.Link> watch,
            Optional<ShadowedAccess.Comparison> comparison) {
        boolean complete = false;
        try {
            control = shadowed(chain(settings.backends(), watch), settings.shadow(), comparison);
            complete = true;
        } finally {
            if (!complete) {
                held.giveBack();
            }
        }
    }

    private AccessControl shadowed(
            AccessControl obeyed, List<AccessSettings.Backend> shadow, Optional<ShadowedAccess.Comparison> comparison) {
        if (shadow.isEmpty()) {
            return obeyed;
        }
        return new ShadowedAccess(
                obeyed, chain(shadow, UnaryOperator.identity()), comparison.orElseGet(this::writtenDown));
    }

    private ShadowedAccess.Comparison writtenDown() {
        ShadowLog log = new ShadowLog();
        differences = Optional.of(log);
        held.add("shadow", log);
        return log;
    }

    /** A backend that stands in two chains is opened once, so that a question of both is asked once. */
    private AccessControl chain(List<AccessSettings.Backend> backends, UnaryOperator<AccessChain.Link> watch) {
        return backends.isEmpty()
                ? EVERYBODY
                : new AccessChain(backends.stream()
                        .map(backend ->
                                new AccessChain.Link(backend.name(), opened.computeIfAbsent(backend, this::control)))
                        .map(watch)
                        .toList());
    }

    private AccessControl control(AccessSettings.Backend backend) {
        if (backend instanceof AccessSettings.Macs list) {
            return new MacList(list.entries());
        }
        if (backend instanceof AccessSettings.Uuids list) {
            return new UuidList(list.entries());
        }
        if (backend instanceof AccessSettings.Reserved reserved) {
            return new ReservedHosts(reserved.hosts());
        }
        if (backend instanceof AccessSettings.Http http) {
            HttpAccess access = new HttpAccess(http.settings());
            held.add("authority", access);
            return access;
        }
        if (backend instanceof AccessSettings.Foreign foreign) {
            return open(foreign.settings());
        }
        throw new AssertionError(backend);
    }

    private AccessControl open(ForeignAccess.Settings settings) {
        try {
            ForeignAccess access = ForeignAccess.open(settings);
            held.add("backend " + settings.name(), access);
            return access;
        } catch (BadSetting changed) {
            throw new IllegalStateException(
                    "the backend " + settings.name() + " objects to " + changed.key() + ": " + changed.getMessage(),
                    changed);
        }
    }

    @Override
    public CompletionStage<Verdict> decide(Request request) {
        return control.decide(request);
    }

    /** Writes down how often the shadow differed so far, if there is one. */
    void sumDifferences() {
        differences.ifPresent(ShadowLog::sum);
    }

    /** Ends what backends have under way; whoever waits for a verdict gets none. */
    @Override
    public void close() {
        held.giveBack();
    }
}
