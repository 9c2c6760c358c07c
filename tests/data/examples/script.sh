sudo -n /etc/app/rootwrap.conf chown svc /var/lib/app/disk.img
