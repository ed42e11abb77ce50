package org.jbootd.domain.lease;

/**
 * Another server has changed the same address, or given the same machine another one, since the lease book heard of it last.
 * Or its clock has come further than the one by which the change was decided, which has caught up by now. Nothing was stored. What has changed comes to the {@link LeaseFollower}, and is on its way before this is said.
 */
public final class LostRace extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LostRace(String message) {
        super(message);
    }
}
