#!/usr/bin/env bash
# Creates what the pipeline of one stack needs in AWS: the bucket and the key of Pulumi's state, GitHub's identity
# provider, and three roles. Safe to run again: it changes what differs, and leaves the rest.
# docs/pipeline.md explains each part. Needs administrator's credentials of the stack's AWS account.
set -euo pipefail
cd "$(dirname "$0")"

stack=${1:?"Usage: set-up.sh STACK REGION SUBJECT"}
region=${2:?"Usage: set-up.sh STACK REGION SUBJECT"}
# repo:OWNER/REPOSITORY, or with the numbers of both.
subject=${3:?"Usage: set-up.sh STACK REGION SUBJECT"}

export AWS_REGION=$region AWS_DEFAULT_REGION=$region
account=$(aws sts get-caller-identity --query Account --output text)
bucket=dintero-pulumi-$account
alias=alias/dintero-pulumi-state

if ! aws s3api head-bucket --bucket "$bucket" > /dev/null 2>&1; then
  # us-east-1 is the one Region that may not be named.
  [ "$region" = us-east-1 ] || place=(--create-bucket-configuration "LocationConstraint=$region")
  aws s3api create-bucket --bucket "$bucket" "${place[@]}" > /dev/null
fi
aws s3api put-bucket-versioning --bucket "$bucket" --versioning-configuration Status=Enabled

state_key() { aws kms describe-key --key-id "$alias" --query KeyMetadata.Arn --output text; }
if ! key=$(state_key 2> /dev/null); then
  key=$(aws kms create-key --description "Secrets in Pulumi's state" --query KeyMetadata.Arn --output text)
  aws kms create-alias --alias-name "$alias" --target-key-id "$key"
fi

provider=arn:aws:iam::$account:oidc-provider/token.actions.githubusercontent.com
aws iam get-open-id-connect-provider --open-id-connect-provider-arn "$provider" > /dev/null 2>&1 ||
  aws iam create-open-id-connect-provider --url "https://${provider#*/}" --client-id-list sts.amazonaws.com > /dev/null

# The document NAME.json, filled in for this stack. $2 is the kind of run that a role trusts.
render() {
  sed -e "s|AWS_ACCOUNT|$account|g" -e "s|REGION|$region|g" -e "s|STATE_BUCKET|$bucket|g" \
    -e "s|STATE_KEY_ARN|$key|g" -e "s|SUBJECT|$subject:${2:-}|g" "$1.json"
}

# create_role NAME TRUSTED_RUN POLICY...
create_role() {
  local role=dintero-$1-$stack trust policy
  trust=$(render trust "$2")
  if aws iam get-role --role-name "$role" > /dev/null 2>&1; then
    aws iam update-assume-role-policy --role-name "$role" --policy-document "$trust"
  else
    aws iam create-role --role-name "$role" --assume-role-policy-document "$trust" > /dev/null
  fi
  for policy in "${@:3}"; do
    aws iam put-role-policy --role-name "$role" --policy-name "$policy" --policy-document "$(render "$policy-policy")"
  done
  echo "$role is ready."
}

create_role preview pull_request state-read read
create_role deploy "environment:$stack" state-read state-write read deploy
create_role status ref:refs/heads/main state-read status

echo "Log in to the state: export PULUMI_BACKEND_URL='s3://$bucket?region=$region'"
