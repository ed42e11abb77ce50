package org.jbootd.persistence;

/** Does what there is to do now, and does not wait for more. */
interface Turn {

    /** There is nothing to do until somebody says so. */
    long UNTIL_WOKEN = Long.MAX_VALUE;

    /** There is nothing to do any more. */
    long ENDED = -1;

    /** @return after how many nanoseconds there may be something again, even if nobody says so; or one of the above */
    long take();
}
