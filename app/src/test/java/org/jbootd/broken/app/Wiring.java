package org.jbootd.broken.app;

/** Stands for the app among the code that breaks the laws. */
public record Wiring() {}
