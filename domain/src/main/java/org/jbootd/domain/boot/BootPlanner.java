package org.jbootd.domain.boot;

import org.jbootd.domain.client.Request;

/** Chooses what a machine should load. Never blocks. */
@FunctionalInterface
public interface BootPlanner {

    BootPlan plan(Request request);
}
