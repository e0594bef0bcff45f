// The dev stack once more, in JavaScript: the same resources with the same arguments,
// each imported from its own file. INPUTS names the values that our app reads from the
// environment file, already checked and completed.
//
// usage: node main.js INPUTS OUTPUT_DIRECTORY
"use strict";

const fs = require("node:fs");
const {
  App,
  AssetType,
  DataTerraformRemoteStateS3,
  Fn,
  S3Backend,
  TerraformAsset,
  TerraformLocal,
  TerraformOutput,
  TerraformStack,
} = require("cdktf");
const { ApiGatewayDeployment } = require("@cdktf/provider-aws/lib/api-gateway-deployment");
const { ApiGatewayMethodSettings } = require("@cdktf/provider-aws/lib/api-gateway-method-settings");
const { ApiGatewayRestApi } = require("@cdktf/provider-aws/lib/api-gateway-rest-api");
const { ApiGatewayStage } = require("@cdktf/provider-aws/lib/api-gateway-stage");
const { ApiGatewayVpcLink } = require("@cdktf/provider-aws/lib/api-gateway-vpc-link");
const { CloudfrontDistribution } = require("@cdktf/provider-aws/lib/cloudfront-distribution");
const { CloudfrontOriginAccessControl } = require("@cdktf/provider-aws/lib/cloudfront-origin-access-control");
const { CloudfrontResponseHeadersPolicy } = require("@cdktf/provider-aws/lib/cloudfront-response-headers-policy");
const { CloudwatchLogGroup } = require("@cdktf/provider-aws/lib/cloudwatch-log-group");
const { CognitoUserPool } = require("@cdktf/provider-aws/lib/cognito-user-pool");
const { CognitoUserPoolClient } = require("@cdktf/provider-aws/lib/cognito-user-pool-client");
const { DataAwsCallerIdentity } = require("@cdktf/provider-aws/lib/data-aws-caller-identity");
const { DataAwsLb } = require("@cdktf/provider-aws/lib/data-aws-lb");
const { AwsProvider } = require("@cdktf/provider-aws/lib/provider");
const { S3Bucket } = require("@cdktf/provider-aws/lib/s3-bucket");
const { S3BucketLifecycleConfiguration } = require("@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration");
const { S3BucketOwnershipControls } = require("@cdktf/provider-aws/lib/s3-bucket-ownership-controls");
const { S3BucketPolicy } = require("@cdktf/provider-aws/lib/s3-bucket-policy");
const { S3BucketPublicAccessBlock } = require("@cdktf/provider-aws/lib/s3-bucket-public-access-block");
const {
  S3BucketServerSideEncryptionConfigurationA,
} = require("@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration");
const { S3BucketVersioningA } = require("@cdktf/provider-aws/lib/s3-bucket-versioning");
const { S3Object } = require("@cdktf/provider-aws/lib/s3-object");

const REGION = "eu-west-1";
const PREFIX = "mysfits-dev";
const SITE = `${PREFIX}-site-${REGION}`;
const COGNITO = `https://cognito-idp.${REGION}.amazonaws.com`;
const POLICY = [
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:",
  "font-src 'self'; manifest-src 'self'",
  `connect-src 'self' ${COGNITO} https://*.execute-api.${REGION}.amazonaws.com`,
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
].join("; ");

class Gateway extends TerraformStack {
  constructor(scope, id, inputs) {
    super(scope, id);
    const backend = new S3Backend(this, {
      bucket: "example-terraform-states",
      key: `mysfits-gateway/${id}.tfstate`,
      region: REGION,
      encrypt: true,
    });
    backend.addOverride("use_lockfile", true);
    new AwsProvider(this, "Aws", {
      region: REGION,
      allowedAccountIds: ["111111111111"],
      defaultTags: [{ tags: { Project: "mythical-mysfits", Environment: id } }],
    });
    this.account = new DataAwsCallerIdentity(this, "Account");
    this.defineNetwork();
    this.defineUsers();
    this.defineBucket();
    this.defineDistribution();
    this.defineApi(inputs.body);
    this.defineObjects(inputs);
    this.defineOutputs();
  }

  defineNetwork() {
    const state = new DataTerraformRemoteStateS3(this, "State", {
      bucket: "example-terraform-states",
      key: "network/dev.tfstate",
      region: REGION,
    });
    state.addOverride("lifecycle.postcondition", [
      {
        condition: '${can(regex("loadbalancer/net/", self.outputs["nlb_arn"]))}',
        error_message: "The output nlb_arn must be the ARN of a network load balancer.",
      },
    ]);
    this.nlb = new DataAwsLb(this, "Nlb", { arn: state.getString("nlb_arn") });
    this.nlb.addOverride("lifecycle.postcondition", [
      { condition: "${self.internal}", error_message: "The load balancer must be internal." },
    ]);
    this.link = new ApiGatewayVpcLink(this, "VpcLink", {
      name: "MysfitsApiVpcLink",
      targetArns: [this.nlb.arn],
      lifecycle: { createBeforeDestroy: true },
    });
  }

  defineUsers() {
    this.pool = new CognitoUserPool(this, "UserPool", {
      name: "MysfitsUserPool",
      userPoolTier: "ESSENTIALS",
      deletionProtection: "INACTIVE",
      usernameAttributes: ["email"],
      usernameConfiguration: { caseSensitive: false },
      autoVerifiedAttributes: ["email"],
      accountRecoverySetting: {
        recoveryMechanism: [{ name: "verified_email", priority: 1 }],
      },
      adminCreateUserConfig: { allowAdminCreateUserOnly: false },
      emailConfiguration: { emailSendingAccount: "COGNITO_DEFAULT" },
      passwordPolicy: {
        minimumLength: 12,
        requireLowercase: true,
        requireNumbers: true,
        requireSymbols: true,
        requireUppercase: true,
        temporaryPasswordValidityDays: 7,
      },
      userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdate: ["email"] },
      verificationMessageTemplate: { defaultEmailOption: "CONFIRM_WITH_CODE" },
    });
    this.client = new CognitoUserPoolClient(this, "UserPoolClient", {
      name: "MysfitsUserPoolClient",
      userPoolId: this.pool.id,
      generateSecret: false,
      explicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
      supportedIdentityProviders: ["COGNITO"],
      preventUserExistenceErrors: "ENABLED",
      enableTokenRevocation: true,
      accessTokenValidity: 60,
      idTokenValidity: 60,
      refreshTokenValidity: 30,
      tokenValidityUnits: [
        { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
      ],
      refreshTokenRotation: [{ feature: "ENABLED", retryGracePeriodSeconds: 10 }],
      readAttributes: ["email", "email_verified"],
      writeAttributes: ["email"],
    });
  }

  defineBucket() {
    this.bucket = new S3Bucket(this, "Bucket", {
      bucket: `${PREFIX}-site-${this.account.accountId}-${REGION}`,
      forceDestroy: true,
    });
    const bucket = this.bucket.id;
    new S3BucketOwnershipControls(this, "OwnershipControls", {
      bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    this.accessBlock = new S3BucketPublicAccessBlock(this, "PublicAccessBlock", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketServerSideEncryptionConfigurationA(this, "Encryption", {
      bucket,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    const versioning = new S3BucketVersioningA(this, "Versioning", {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketLifecycleConfiguration(this, "Lifecycle", {
      bucket,
      rule: [
        {
          id: "expire-old-versions",
          status: "Enabled",
          filter: [{ prefix: "" }],
          noncurrentVersionExpiration: [{ noncurrentDays: 30 }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
      dependsOn: [versioning],
    });
  }

  defineDistribution() {
    const control = new CloudfrontOriginAccessControl(this, "OriginAccessControl", {
      name: SITE,
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
    const error = { responseCode: 404, responsePagePath: "/error.html", errorCachingMinTtl: 10 };
    this.distribution = new CloudfrontDistribution(this, "Distribution", {
      comment: SITE,
      enabled: true,
      isIpv6Enabled: true,
      httpVersion: "http2and3",
      priceClass: "PriceClass_100",
      defaultRootObject: "index.html",
      origin: [
        {
          originId: "site",
          domainName: this.bucket.bucketRegionalDomainName,
          originAccessControlId: control.id,
        },
      ],
      defaultCacheBehavior: {
        targetOriginId: "site",
        allowedMethods: ["GET", "HEAD"],
        cachedMethods: ["GET", "HEAD"],
        cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
        responseHeadersPolicyId: this.defineHeaders().id,
        compress: true,
        viewerProtocolPolicy: "redirect-to-https",
      },
      customErrorResponse: [
        { errorCode: 403, ...error },
        { errorCode: 404, ...error },
      ],
      restrictions: { geoRestriction: { restrictionType: "none" } },
      viewerCertificate: { cloudfrontDefaultCertificate: true },
    });
    this.defineBucketPolicy();
  }

  defineHeaders() {
    const policy = "camera=(), geolocation=(), microphone=(), payment=()";
    return new CloudfrontResponseHeadersPolicy(this, "Headers", {
      name: SITE,
      customHeadersConfig: {
        items: [
          { header: "Cross-Origin-Opener-Policy", override: true, value: "same-origin" },
          { header: "Permissions-Policy", override: true, value: policy },
        ],
      },
      securityHeadersConfig: {
        contentSecurityPolicy: { contentSecurityPolicy: POLICY, override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: "DENY", override: true },
        referrerPolicy: {
          referrerPolicy: "strict-origin-when-cross-origin",
          override: true,
        },
        strictTransportSecurity: { accessControlMaxAgeSec: 31536000, override: true },
      },
    });
  }

  defineBucketPolicy() {
    const objects = `${this.bucket.arn}/*`;
    const statements = [
      {
        Sid: "DistributionReads",
        Effect: "Allow",
        Principal: { Service: "cloudfront.amazonaws.com" },
        Action: "s3:GetObject",
        Resource: objects,
        Condition: { StringEquals: { "AWS:SourceArn": this.distribution.arn } },
      },
      {
        Sid: "HttpsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [this.bucket.arn, objects],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ];
    new S3BucketPolicy(this, "BucketPolicy", {
      bucket: this.bucket.id,
      policy: Fn.jsonencode({ Version: "2012-10-17", Statement: statements }),
      dependsOn: [this.accessBlock],
    });
  }

  defineApi(body) {
    const values = {
      account_id: this.account.accountId,
      nlb_dns_name: this.nlb.dnsName,
      region: REGION,
      site_origin: `https://${this.distribution.domainName}`,
      user_pool_arn: this.pool.arn,
      user_pool_id: this.pool.id,
      vpc_link_id: this.link.id,
    };
    const text = JSON.stringify(body).replace(/\$\{(\w+)\}/g, (_, name) => values[name]);
    const local = new TerraformLocal(this, "Body", Fn.jsonencode(JSON.parse(text)));
    this.api = new ApiGatewayRestApi(this, "RestApi", {
      name: "MysfitsApi",
      body: local.asString,
      disableExecuteApiEndpoint: false,
      endpointConfiguration: { types: ["REGIONAL"] },
      failOnWarnings: true,
      putRestApiMode: "overwrite",
    });
    const deployment = new ApiGatewayDeployment(this, "Deployment", {
      restApiId: this.api.id,
      triggers: { redeployment: Fn.sha1(local.asString) },
      dependsOn: [this.link],
      lifecycle: { createBeforeDestroy: true },
    });
    const logs = new CloudwatchLogGroup(this, "AccessLogs", {
      name: `/aws/apigateway/${PREFIX}/access`,
      retentionInDays: 30,
    });
    const context = (name) => `$context.${name}`;
    const names = [
      ...["requestId", "requestTime", "identity.sourceIp", "identity.userAgent"],
      ...["authorizer.claims.sub", "httpMethod", "resourcePath", "path", "protocol"],
      ...["status", "responseLength", "responseLatency", "error.message"],
      ...["error.responseType", "authorizer.status", "authorizer.error"],
      ...["authorizer.latency", "integration.status", "integration.error"],
      ...["integration.latency", "xrayTraceId"],
    ];
    this.stage = new ApiGatewayStage(this, "Stage", {
      restApiId: this.api.id,
      deploymentId: deployment.id,
      stageName: "prod",
      xrayTracingEnabled: true,
      accessLogSettings: {
        destinationArn: logs.arn,
        format: JSON.stringify(Object.fromEntries(names.map((n) => [n, context(n)]))),
      },
      dependsOn: [this.link],
    });
    new ApiGatewayMethodSettings(this, "MethodSettings", {
      restApiId: this.stage.restApiId,
      stageName: this.stage.stageName,
      methodPath: "*/*",
      settings: {
        metricsEnabled: true,
        loggingLevel: "OFF",
        dataTraceEnabled: false,
        throttlingRateLimit: 100,
        throttlingBurstLimit: 200,
      },
    });
  }

  defineObjects({ directory, files }) {
    this.asset = new TerraformAsset(this, "Files", {
      path: directory,
      type: AssetType.DIRECTORY,
      assetHash: "files",
    });
    const others = files.filter((file) => !file.is_page);
    const config = this.defineRuntimeConfig(others.map((file) => this.defineObject(file)));
    for (const file of files.filter((each) => each.is_page)) {
      this.defineObject(file, [config]);
    }
  }

  defineObject(file, dependsOn) {
    return new S3Object(this, file.key.replaceAll("/", "~1"), {
      bucket: this.bucket.id,
      key: file.key,
      source: `${this.asset.path}/${file.key}`,
      sourceHash: file.sha256,
      contentType: file.content_type,
      cacheControl: file.cache_control,
      dependsOn,
      lifecycle: { createBeforeDestroy: true },
    });
  }

  defineRuntimeConfig(dependsOn) {
    return new S3Object(this, "config.json", {
      bucket: this.bucket.id,
      key: "config.json",
      content: Fn.jsonencode({
        apiEndpoint: this.stage.invokeUrl,
        cognitoEndpoint: COGNITO,
        region: REGION,
        userPoolClientId: this.client.id,
        userPoolId: this.pool.id,
      }),
      contentType: "application/json",
      cacheControl: "no-cache",
      dependsOn,
      lifecycle: { createBeforeDestroy: true },
    });
  }

  defineOutputs() {
    const values = {
      api_url: this.stage.invokeUrl,
      rest_api_id: this.api.id,
      site_bucket_name: this.bucket.id,
      site_url: `https://${this.distribution.domainName}`,
      user_pool_client_id: this.client.id,
      user_pool_id: this.pool.id,
      vpc_link_id: this.link.id,
    };
    for (const [name, value] of Object.entries(values)) {
      new TerraformOutput(this, name, { value });
    }
  }
}

const [inputs, outdir] = process.argv.slice(2);
const app = new App({ outdir });
new Gateway(app, "dev", JSON.parse(fs.readFileSync(inputs, "utf8")));
app.synth();
