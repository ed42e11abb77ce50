package org.jbootd.broken.acl;

import org.jbootd.broken.app.Wiring;

/** Breaks: adapters do not know the app, and do not write to the console. */
public record KnowsTheApp(Wiring wiring, com.google.inject.Injector injector) {

    void say() {
        System.out.println(wiring);
    }
}
