const { PolicyPack } = require("@pulumi/policy");

new PolicyPack("example-policies", {
  policies: [
    {
      name: "accounts-end",
      description: "Each account but CI's ends on a day that its stack file names.",
      enforcementLevel: "mandatory",
      validateResource: ({ type, props }, report) => {
        if (!/^container-registry:(host|cluster|hybrid):/.test(type)) return;
        for (const { name, expires } of props.accounts ?? [])
          if (name !== props.account && expires === undefined)
            report(`account ${name} has no end; give it one, as in expires: 2027-03-31`);
      },
    },
  ],
});
