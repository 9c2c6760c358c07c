sudo visudo -c
sudo privsep-wrapctl check /etc/app/rootwrap.conf
sudo -u svc sudo -n privsep-wrap /etc/app/rootwrap.conf chown svc /var/lib/app/disk.img
