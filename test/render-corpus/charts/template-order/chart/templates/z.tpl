apiVersion: v1
kind: A
metadata:
  name: tpl
