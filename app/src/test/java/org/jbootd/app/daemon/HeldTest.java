package org.jbootd.app.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldTest {

    @Test
    void thingsAreGivenBackInReverseWhateverHappensToOne() {
        List<String> given = new ArrayList<>();
        Held held = new Held();
        held.add("first", () -> given.add("first"));
        held.add("broken", () -> {
            throw new IllegalStateException("a planted failure");
        });
        held.add("last", () -> given.add("last"));

        held.giveBack();
        held.giveBack();

        assertThat(given).containsExactly("last", "first");
    }
}
