# Everything that is not known beforehand comes through the environment, nothing through this text.
waivers=""
if python -c 'import json, sys; sys.exit(not json.load(open(sys.argv[1], encoding="utf-8")).get("waivers"))' "$ONBOARDING"; then
  waivers="--certification-waivers=$ONBOARDING"
fi
# Settings of the project's own tests are none of the certification's.
python -m pytest -c /dev/null --rootdir=. -p no:cacheprovider --partner-config="$CONFIG" --certification-report=certification-report \
  ${PARTNER_URL:+"--partner-url=$PARTNER_URL"} ${waivers:+"$waivers"} || true
outcome=0
partner-connect compare certification-report --of-record "$ONBOARDING" --markdown > comparison.md || outcome=$?
if [ ! -s comparison.md ]; then
  echo "The run was not compared with the certificate of record: see the log of the job." > comparison.md
fi
summary=certification-report/summary.md
if [ ! -f "$summary" ]; then
  summary=/dev/null
fi
{
  echo '<!-- partner-connect-certification -->'
  cat "$summary"
  echo
  cat comparison.md
} | head -c 60000 | iconv -c -f UTF-8 -t UTF-8 > comment.md
