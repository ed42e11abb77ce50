package org.jbootd.app.leases;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jbootd.persistence.Auditor;
import org.jbootd.persistence.LedgerStore;
import org.jbootd.persistence.StoreRefused;

/** The ledger of a store that this process has open. */
public final class OpenLedger implements Ledger {

    private final LedgerStore store;
    private final Orders orders;

    public OpenLedger(LedgerStore store, Orders orders) {
        this.store = store;
        this.orders = orders;
    }

    @Override
    public void ask(String sql, List<?> arguments, Auditor.Rows rows) throws LedgerProblem {
        Optional<String> behind = store.awaitHistory();
        if (behind.isPresent()) {
            throw new LedgerProblem("there is no answer with all that is stored: " + behind.get());
        }
        try (Auditor auditor = store.auditor()) {
            auditor.ask(sql, arguments, rows);
        } catch (Auditor.NoAnswer | StoreRefused e) {
            throw new LedgerProblem(e.getMessage(), e);
        }
    }

    @Override
    public List<Order.Outcome> carryOut(List<Order> wanted, Mode mode) {
        return orders.carryOut(wanted, mode);
    }

    @Override
    public void backup(Path target) throws LedgerProblem {
        try {
            store.backup(target).toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new LedgerProblem("no backup was made: " + inWords(e.getCause()), e.getCause());
        }
    }

    private static String inWords(Throwable failure) {
        if (failure instanceof FileAlreadyExistsException) {
            return failure.getMessage() + " is there already";
        }
        if (failure instanceof NoSuchFileException) {
            return "there is no directory " + Path.of(failure.getMessage()).getParent();
        }
        return failure instanceof AccessDeniedException
                ? "user " + System.getProperty("user.name") + ", who has the leases open, may not write "
                        + failure.getMessage()
                : failure.getMessage();
    }

    /** The store is closed by who opened it. */
    @Override
    public void close() {}
}
