/** A Pulumi program that makes nothing, with the SDK that a program for AWS imports. */
import "@pulumi/aws";
import "@pulumi/pulumi";
