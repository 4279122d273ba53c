package vkernel.host;

import java.util.List;
import vkernel.host.engine.Hart;

/** The vmspaces of the machine of now. */
final class SlotVmspaces implements Vmspaces {
    private final HostSlot slot;

    SlotVmspaces(HostSlot slot) {
        this.slot = slot;
    }

    private Vmspaces now() {
        return slot.now().vmspaces();
    }

    @Override
    public void create(int id) {
        now().create(id);
    }

    @Override
    public void destroy(int id) {
        now().destroy(id);
    }

    @Override
    public int[] ids() {
        return now().ids();
    }

    @Override
    public int run(int id, Hart hart, long budget) {
        return now().run(id, hart, budget);
    }

    @Override
    public void mmap(int id, long va, long length, int protection, long ramAddress) {
        now().mmap(id, va, length, protection, ramAddress);
    }

    @Override
    public void mmapVirtual(int id, long va, long length, int protection) {
        now().mmapVirtual(id, va, length, protection);
    }

    @Override
    public void munmap(int id, long va, long length) {
        now().munmap(id, va, length);
    }

    @Override
    public void setMap(int id, long va, long root) {
        now().setMap(id, va, root);
    }

    @Override
    public void inval(int id, long va, long length) {
        now().inval(id, va, length);
    }

    @Override
    public int pread(int id, byte[] to, int offset, int length, long va) {
        return now().pread(id, to, offset, length, va);
    }

    @Override
    public int pwrite(int id, byte[] from, int offset, int length, long va) {
        return now().pwrite(id, from, offset, length, va);
    }

    @Override
    public byte[] mget(int id, long va, int pages) {
        return now().mget(id, va, pages);
    }

    @Override
    public List<String> staleTranslations() {
        return now().staleTranslations();
    }
}
