package org.jbootd.broken.files;

import org.jbootd.broken.app.Wiring;

/** Breaks: adapters do not know the app. */
public record KnowsTheApp(Wiring wiring) {}
