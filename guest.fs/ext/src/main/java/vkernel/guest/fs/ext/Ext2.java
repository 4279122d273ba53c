package vkernel.guest.fs.ext;

import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.fs.FileSystemType;
import vkernel.kern.Kernel;

/** The name {@code ext2}. */
@Component(service = FileSystemType.class, property = "fs=ext2", immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "fs", attribute = "fs=ext2")
public final class Ext2 extends Elder {
    @Activate
    public Ext2(@Reference Kernel kernel) {
        super(kernel, "ext2");
    }
}
