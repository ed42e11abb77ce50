package org.jbootd.persistence;

import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/** Does something before each statement of a migration, and once more at its end. */
public final class EachStatement implements Callback {

    /** What is done. */
    public interface Deed {

        /** @param number of the statement, from 1 on */
        void before(int number, Context context) throws Exception;
    }

    private final Deed deed;
    private int count;

    public EachStatement(Deed deed) {
        this.deed = deed;
    }

    @Override
    public boolean supports(Event event, Context context) {
        return event == Event.BEFORE_EACH_MIGRATE_STATEMENT || event == Event.AFTER_MIGRATE;
    }

    @Override
    public boolean canHandleInTransaction(Event event, Context context) {
        return true;
    }

    @Override
    public void handle(Event event, Context context) {
        try {
            deed.before(++count, context);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String getCallbackName() {
        return "each statement";
    }

    /** How often it was done so far. */
    public int count() {
        return count;
    }
}
