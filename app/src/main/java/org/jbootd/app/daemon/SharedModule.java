package org.jbootd.app.daemon;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import org.jbootd.domain.files.AssignedNames;
import org.jbootd.domain.history.History;
import org.jbootd.udp.EventLoops;

/** What both services need. */
final class SharedModule extends AbstractModule {

    /** More threads than that send no faster, and each has buffers of its own. */
    private static final int MOST_FILE_THREADS = 8;

    private final History history;

    /** @param history of what is no lease */
    SharedModule(History history) {
        this.history = history;
    }

    @Override
    protected void configure() {
        binder().requireExplicitBindings();
        bind(History.class).toInstance(history);
    }

    @Provides
    @Singleton
    EventLoops eventLoops() {
        return new EventLoops(Math.min(MOST_FILE_THREADS, Runtime.getRuntime().availableProcessors()));
    }

    @Provides
    @Singleton
    AssignedNames assignedNames() {
        return new AssignedNames();
    }
}
