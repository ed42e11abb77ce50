package org.jbootd.app.daemon;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jbootd.acl.HttpAccess;
import org.jbootd.app.access.ForeignAccess;
import org.jbootd.app.settings.AccessSettings;
import org.jbootd.domain.access.AccessChain;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.access.BadSetting;
import org.jbootd.domain.access.MacList;
import org.jbootd.domain.access.ReservedHosts;
import org.jbootd.domain.access.UuidList;
import org.jbootd.domain.access.Verdict;
import org.jbootd.domain.client.Request;

/** Access control as the settings want it, with the backends that it consists of. Threads may share it. */
final class AccessGate implements AccessControl, AutoCloseable {

    private final AccessControl control;
    private final Held held = new Held();

    AccessGate(AccessSettings settings) {
        List<AccessChain.Link> links = settings.backends().stream()
                .map(backend -> new AccessChain.Link(backend.name(), control(backend)))
                .toList();
        this.control = links.isEmpty() ? EVERYBODY : new AccessChain(links);
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

    /** Ends what backends have under way; whoever waits for a verdict gets none. */
    @Override
    public void close() {
        held.giveBack();
    }
}
